export * from "./database.ts";
export type { Migration, MigrationSet } from "./migrations.ts";
