/**
 * Brings a database to the schema of the running version. Each wing hands in its own list; a list only grows.
 * Everything happens in one `BEGIN IMMEDIATE`, so two processes that open a new database at once are safe.
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { WorldError } from "@sallyport/core";
import { storeError } from "./sqlite-error.ts";

/** One step. Never edited after a release: write the next one. */
export interface Migration {
  /** Unique within its wing, such as `001-accepted-signers`. */
  readonly name: string;
  /** SQL statements; tables are STRICT. */
  readonly statements: readonly string[];
}

export interface MigrationSet {
  readonly wing: string;
  readonly migrations: readonly Migration[];
}

const CREATE = `CREATE TABLE IF NOT EXISTS migration (
  wing TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (wing, position)
) STRICT, WITHOUT ROWID`;

/**
 * Applies what is missing; either all of it or nothing.
 * @throws WorldError `world.store` when the file was written by a newer version, or cannot be changed
 */
export function migrate(raw: DatabaseSync, file: string, sets: readonly MigrationSet[]): void {
  try {
    if (isCurrent(raw, file, sets)) return;
    raw.exec("BEGIN IMMEDIATE");
    try {
      raw.exec(CREATE);
      for (const set of sets) migrateWing(raw, file, set);
      raw.exec("COMMIT");
    } catch (error) {
      if (raw.isTransaction) raw.exec("ROLLBACK");
      throw error;
    }
  } catch (error) {
    throw storeError(file, error);
  }
}

/** Start-up reads only, when there is nothing to do: no write lock is taken. */
function isCurrent(raw: DatabaseSync, file: string, sets: readonly MigrationSet[]): boolean {
  const table = raw.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migration'").get();
  if (table === undefined) return false;
  return sets.every((set) => checkApplied(raw, file, set) === set.migrations.length);
}

function migrateWing(raw: DatabaseSync, file: string, set: MigrationSet): void {
  const insert = raw.prepare("INSERT INTO migration (wing, position, name) VALUES (?, ?, ?)");
  const applied = checkApplied(raw, file, set);
  set.migrations.slice(applied).forEach((migration, offset) => {
    for (const statement of migration.statements) raw.exec(statement);
    insert.run(set.wing, applied + offset, migration.name);
  });
}

/** @returns how many of the wing's migrations the file already has */
function checkApplied(raw: DatabaseSync, file: string, set: MigrationSet): number {
  const rows = raw.prepare("SELECT name FROM migration WHERE wing = ? ORDER BY position").all(set.wing);
  rows.forEach((row, position) => {
    if (set.migrations[position]?.name === row.name) return;
    throw new WorldError("world.store", `${file} was written by a newer version: update before opening it`, {
      facts: { wing: set.wing, migration: String(row.name) },
    });
  });
  return rows.length;
}
