/**
 * The product's own rows: Kysely over node:sqlite. Only a wing's `store.ts` speaks to it.
 * Kysely is loaded with the first question that needs it: its 300 files take longer than opening the database.
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
  tables<Tables>(): Promise<Kysely<Tables>>;
  /** False while a table holds no row: whoever asks in every run need not load the query builder to learn that. */
  hasRows(table: string): boolean;
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
    return lazily(raw, options.file);
  } catch (error) {
    raw.close();
    throw error;
  }
}

type AnyTables = Kysely<Record<never, never>>;

function lazily(raw: DatabaseSync, file: string): Database {
  const database = adapt(raw, file);
  let opened: Promise<Database> | undefined;
  const open = () => {
    opened ??= import("kysely").then(({ Kysely, SqliteDialect }) =>
      wrap(new Kysely<Record<never, never>>({ dialect: new SqliteDialect({ database }) }), raw),
    );
    return opened;
  };
  return {
    tables: async <Tables>() => (await open()).tables<Tables>(),
    hasRows: (table) => hasRows(raw, file, table),
    transaction: async (work) => (await open()).transaction(work),
    // Kysely closes the database it was asked to open, which it does with the first question.
    close: async () => {
      await (await opened)?.close();
      if (raw.isOpen) raw.close();
    },
  };
}

function wrap(kysely: AnyTables, raw: DatabaseSync, inTransaction = false): Database {
  return {
    tables: async <Tables>() =>
      kysely.withTables<Tables & Record<never, never>>() as unknown as Kysely<Tables>,
    hasRows: (table) => hasRows(raw, "the database", table),
    transaction: (work) => {
      assert(!inTransaction, "a transaction inside a transaction");
      return kysely.transaction().execute((transaction) => work(wrap(transaction, raw, true)));
    },
    close: () => kysely.destroy(),
  };
}

/** @param table - a name from the wing's own code, never from outside */
function hasRows(raw: DatabaseSync, file: string, table: string): boolean {
  assert(/^[a-z_]+$/.test(table), "a table's name");
  try {
    return raw.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
  } catch (error) {
    throw storeError(file, error);
  }
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
