export * from "./bulk.ts";
export * from "./database.ts";
export { type FileLock, tryFileLock } from "./file-lock.ts";
export type { Migration, MigrationSet } from "./migrations.ts";
