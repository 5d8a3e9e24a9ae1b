/**
 * The product's own rows: Kysely over node:sqlite. Only a wing's `store.ts` speaks to it.
 * Kysely is loaded when a database is opened, so that a command without one does not pay for it.
 * @module
 */

import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import type { Kysely, SqliteDatabase, SqliteStatement } from "kysely";
import { countPlaceholders, guardParameters } from "./bind-guard.ts";
import { type MigrationSet, migrate } from "./migrations.ts";
import { storeError } from "./sqlite-error.ts";
import { openSqliteFile } from "./sqlite-file.ts";

export interface Database {
  /** The query builder, typed for the tables of one wing. */
  tables<Tables>(): Kysely<Tables>;
  /**
   * Runs `work` in one `BEGIN IMMEDIATE` transaction: all of it is stored, or nothing. Make the wing's store from
   * the database that is handed in. No waiting for anything but the database inside.
   */
  transaction<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/**
 * Opens or creates a database file, mode 0600, and brings it to the current schema.
 * @throws WorldError `world.home` when it cannot be made, `world.store` when it is locked, damaged, full or newer
 */
export async function openDatabase(options: {
  file: string;
  migrations: readonly MigrationSet[];
}): Promise<Database> {
  const raw = openSqliteFile(options.file);
  try {
    migrate(raw, options.file, options.migrations);
    const { Kysely, SqliteDialect } = await import("kysely");
    const database = adapt(raw, options.file);
    return wrap(new Kysely<Record<never, never>>({ dialect: new SqliteDialect({ database }) }));
  } catch (error) {
    raw.close();
    throw error;
  }
}

function wrap(kysely: Kysely<Record<never, never>>, inTransaction = false): Database {
  return {
    tables: <Tables>() => kysely.withTables<Tables & Record<never, never>>() as unknown as Kysely<Tables>,
    transaction: (work) => {
      assert(!inTransaction, "a transaction inside a transaction");
      return kysely.transaction().execute((transaction) => work(wrap(transaction, true)));
    },
    close: () => kysely.destroy(),
  };
}

/** The shape that Kysely's SqliteDialect expects, with the guards that node:sqlite lacks. */
function adapt(raw: DatabaseSync, file: string): SqliteDatabase {
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw storeError(file, error);
    }
  };
  return {
    prepare: (sql) => guarded(() => adaptStatement(raw, sql, guarded)),
    close: () => raw.close(),
  };
}

function adaptStatement(
  raw: DatabaseSync,
  sql: string,
  guarded: <Result>(work: () => Result) => Result,
): SqliteStatement {
  // A deferred transaction that reads first can fail at its first write; take the write lock at the start.
  const statement = raw.prepare(sql === "begin" ? "begin immediate" : sql);
  const placeholders = countPlaceholders(sql);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => guarded(() => statement.all(...guardParameters(placeholders, parameters))),
    run: (parameters) => guarded(() => statement.run(...guardParameters(placeholders, parameters))),
    iterate: (parameters) => guarded(() => statement.iterate(...guardParameters(placeholders, parameters))),
  };
}
