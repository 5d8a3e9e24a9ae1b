/**
 * Rows by the million: prepared statements over one file, without the query builder. What they answer is the same; what it
 * costs is not: the builder takes longer to load than a question takes, and than a row takes to write.
 * SQL stays plain enough for PostgreSQL, and a transaction waits for nothing but the database.
 * @module
 */

import assert from "node:assert/strict";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { countPlaceholders, guardParameters } from "./bind-guard.ts";
import { type MigrationSet, migrate } from "./migrations.ts";
import { storeError } from "./sqlite-error.ts";
import { openSqliteFile } from "./sqlite-file.ts";

/** What a column holds. */
export type Cell = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, Cell>>;

/** One prepared statement. */
export interface BulkStatement {
  /** @returns how many rows it changed */
  run(...values: readonly (Cell | boolean)[]): number;
  get(...values: readonly (Cell | boolean)[]): Row | undefined;
  all(...values: readonly (Cell | boolean)[]): readonly Row[];
  /** A row at a time; no other run of the same statement meanwhile. */
  each(...values: readonly (Cell | boolean)[]): Iterable<Row>;
}

export interface BulkDatabase {
  /** Prepared once for each text. Texts come from the wing's own code, never from outside. */
  statement(sql: string): BulkStatement;
  /** Tables in the temporary schema, which only this connection sees and which are gone with it. */
  execute(sql: string): void;
  /** All of it is stored, or nothing. Not `async`: what has to be waited for is waited for before. */
  transaction<Result>(work: () => Result): Result;
  /** From now on this connection reads the file as it is now, whatever others write meanwhile, until it is closed. */
  standStill(): void;
  close(): void;
}

/**
 * Opens or creates a database file, mode 0600, and brings it to the current schema.
 * @param options.cacheBytes - memory for pages; what is larger is written to the disk
 * @param options.waitMilliseconds - how long to wait while another process writes; ten seconds unless said
 * @throws WorldError `world.home` when it cannot be made, `world.store` when it is locked, damaged, full or newer
 */
export function openBulk(options: {
  file: string;
  migrations: readonly MigrationSet[];
  cacheBytes?: number;
  waitMilliseconds?: number;
}): BulkDatabase {
  const raw = openSqliteFile(options.file);
  try {
    migrate(raw, options.file, options.migrations);
    raw.exec(`PRAGMA cache_size = -${Math.round((options.cacheBytes ?? 16 * 1024 * 1024) / 1024)}`);
    if (options.waitMilliseconds !== undefined)
      raw.exec(`PRAGMA busy_timeout = ${Math.round(options.waitMilliseconds)}`);
    return adapt(raw, options.file);
  } catch (error) {
    raw.close();
    throw storeError(options.file, error);
  }
}

function adapt(raw: DatabaseSync, file: string): BulkDatabase {
  const prepared = new Map<string, BulkStatement>();
  const guarded = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw storeError(file, error);
    }
  };
  return {
    statement(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = adaptStatement(
        guarded(() => raw.prepare(sql)),
        countPlaceholders(sql),
        guarded,
      );
      prepared.set(sql, statement);
      return statement;
    },
    execute: (sql) => guarded(() => raw.exec(sql)),
    transaction: (work) => guarded(() => inTransaction(raw, work)),
    standStill: () =>
      guarded(() => {
        raw.exec("BEGIN");
        // A deferred transaction takes its view of the file with its first read.
        raw.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get();
      }),
    close: () => {
      if (raw.isOpen) raw.close();
    },
  };
}

function inTransaction<Result>(raw: DatabaseSync, work: () => Result): Result {
  assert(!raw.isTransaction, "a transaction inside a transaction");
  raw.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    assert(!(result instanceof Promise), "a transaction does not wait");
    raw.exec("COMMIT");
    return result;
  } catch (error) {
    if (raw.isTransaction) raw.exec("ROLLBACK");
    throw error;
  }
}

function adaptStatement(
  statement: StatementSync,
  placeholders: number,
  guarded: <Result>(work: () => Result) => Result,
): BulkStatement {
  return {
    run: (...values) =>
      guarded(() => Number(statement.run(...guardParameters(placeholders, values)).changes)),
    get: (...values) => guarded(() => statement.get(...guardParameters(placeholders, values))),
    all: (...values) => guarded(() => statement.all(...guardParameters(placeholders, values))),
    each: (...values) => guarded(() => statement.iterate(...guardParameters(placeholders, values))),
  };
}
