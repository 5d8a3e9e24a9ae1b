/**
 * The sequencer: one SQLite file that gives every entry its place. A receipt is handed out only after the
 * transaction that holds it is on the disk.
 * Source: https://www.sqlite.org/lang_transaction.html (IMMEDIATE), PRAGMA synchronous=FULL
 * @module
 */

import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { ledgerError, resultCodeOf } from "./ledger-error.ts";

const BUSY_TIMEOUT_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 20;
const SQLITE_BUSY = 5;
const SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE log (
  only INTEGER PRIMARY KEY CHECK (only = 1), publicKey BLOB NOT NULL, size INTEGER NOT NULL,
  checkpoint TEXT NOT NULL, publishedSize INTEGER NOT NULL
) STRICT;
CREATE TABLE node (
  level INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  position INTEGER PRIMARY KEY, commitment BLOB NOT NULL, subjectId TEXT NOT NULL, verdict TEXT NOT NULL,
  recordedAtMilliseconds INTEGER NOT NULL, decisionDigest TEXT NOT NULL, receipt TEXT NOT NULL
) STRICT;
CREATE INDEX entrySubject ON entry (subjectId, position);
CREATE TABLE content (digest TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};`;

export interface LogRow {
  readonly publicKey: Uint8Array;
  readonly size: number;
  readonly checkpoint: string;
  /** Entries that the files beside the database cover. */
  readonly publishedSize: number;
}

export interface EntryRow {
  readonly position: number;
  readonly commitment: Uint8Array;
  readonly subjectId: string;
  readonly verdict: string;
  readonly recordedAtMilliseconds: number;
  readonly decisionDigest: string;
  readonly receipt: string;
}

export class LedgerStore {
  readonly file: string;
  readonly #raw: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  /** @throws WorldError `world.home` or `world.ledger` */
  constructor(file: string) {
    this.file = file;
    this.#raw = openFile(file);
    try {
      if (this.#schemaVersion() !== SCHEMA_VERSION) this.transaction(() => this.#createSchema());
    } catch (error) {
      this.#raw.close();
      throw error;
    }
  }

  close(): void {
    this.#raw.close();
  }

  /**
   * All of `work` is on the disk when this returns, or nothing of it when it throws.
   * @throws WorldError `world.ledger` when the file cannot be written
   */
  transaction<Result>(work: () => Result): Result {
    try {
      this.#raw.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#raw.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#raw.isTransaction) this.#raw.exec("ROLLBACK");
        throw error;
      }
    } catch (error) {
      throw ledgerError(this.file, error);
    }
  }

  /** The log's own row, absent before the first start is complete. */
  log(): LogRow | undefined {
    const row = this.#prepare("SELECT publicKey, size, checkpoint, publishedSize FROM log").get();
    if (row === undefined) return undefined;
    return {
      publicKey: bytes(row.publicKey),
      size: Number(row.size),
      checkpoint: String(row.checkpoint),
      publishedSize: Number(row.publishedSize),
    };
  }

  createLog(publicKey: Uint8Array, checkpoint: string): void {
    this.#prepare("INSERT INTO log VALUES (1, ?, 0, ?, 0)").run(publicKey, checkpoint);
  }

  advance(size: number, checkpoint: string): void {
    this.#prepare("UPDATE log SET size = ?, checkpoint = ?").run(size, checkpoint);
  }

  markPublished(size: number): void {
    this.#prepare("UPDATE log SET publishedSize = ?").run(size);
  }

  readonly readNode = (level: number, position: number): Uint8Array => {
    const row = this.#prepare("SELECT hash FROM node WHERE level = ? AND position = ?").get(level, position);
    if (row === undefined)
      throw ledgerError(this.file, new Error("missing node"), "lacks a part of its tree");
    return bytes(row.hash);
  };

  readonly writeNode = (level: number, position: number, hash: Uint8Array): void => {
    this.#prepare("INSERT INTO node VALUES (?, ?, ?)").run(level, position, hash);
  };

  addEntry(entry: EntryRow): void {
    this.#prepare("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)").run(
      entry.position,
      entry.commitment,
      entry.subjectId,
      entry.verdict,
      entry.recordedAtMilliseconds,
      entry.decisionDigest,
      entry.receipt,
    );
  }

  /** Highest position in use, -1 in an empty log. Reads one page. */
  lastPosition(): number {
    return Number(this.#prepare("SELECT coalesce(max(position), -1) AS last FROM entry").get()?.last ?? -1);
  }

  commitments(start: number, end: number): Uint8Array[] {
    const query = "SELECT commitment FROM entry WHERE position >= ? AND position < ? ORDER BY position";
    return this.#prepare(query)
      .all(start, end)
      .map((row) => bytes(row.commitment));
  }

  latest(subjectId: string): EntryRow | undefined {
    const query = "SELECT * FROM entry WHERE subjectId = ? ORDER BY position DESC LIMIT 1";
    return this.#prepare(query).all(subjectId).map(entryOf)[0];
  }

  entry(position: number): EntryRow | undefined {
    return this.#prepare("SELECT * FROM entry WHERE position = ?").all(position).map(entryOf)[0];
  }

  /** Newest first, those before `before`. */
  entries(before: number, limit: number): EntryRow[] {
    const query = "SELECT * FROM entry WHERE position < ? ORDER BY position DESC LIMIT ?";
    return this.#prepare(query).all(before, limit).map(entryOf);
  }

  addContent(digest: string, json: string): void {
    this.#prepare("INSERT INTO content VALUES (?, ?) ON CONFLICT DO NOTHING").run(digest, json);
  }

  content(digest: string): string | undefined {
    const row = this.#prepare("SELECT json FROM content WHERE digest = ?").get(digest);
    return row === undefined ? undefined : String(row.json);
  }

  #schemaVersion(): number {
    return Number(this.#raw.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  }

  #createSchema(): void {
    const version = this.#schemaVersion();
    if (version === 0) this.#raw.exec(SCHEMA);
    else if (version !== SCHEMA_VERSION)
      throw ledgerError(
        this.file,
        new Error(`schema ${version}`),
        "was written by a newer version: update first",
      );
  }

  #prepare(sql: string): ReturnType<DatabaseSync["prepare"]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#raw.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function bytes(value: SQLOutputValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("a column of bytes holds something else");
  return value;
}

const entryOf = (row: Record<string, SQLOutputValue>): EntryRow => ({
  position: Number(row.position),
  commitment: bytes(row.commitment),
  subjectId: String(row.subjectId),
  verdict: String(row.verdict),
  recordedAtMilliseconds: Number(row.recordedAtMilliseconds),
  decisionDigest: String(row.decisionDigest),
  receipt: String(row.receipt),
});

/** SQLite gives its -wal and -shm files the mode of the main file, so that one is made first. */
function openFile(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    throw ledgerError(file, error);
  }
  const deadline = performance.now() + BUSY_TIMEOUT_MILLISECONDS;
  for (;;) {
    try {
      return configure(file);
    } catch (error) {
      // Changing the journal mode does not always wait for the busy timeout when two processes start at once.
      if (resultCodeOf(error) !== SQLITE_BUSY || performance.now() > deadline) throw ledgerError(file, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MILLISECONDS);
    }
  }
}

function configure(file: string): DatabaseSync {
  const raw = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MILLISECONDS });
  try {
    raw.exec("PRAGMA journal_mode=WAL");
    raw.exec("PRAGMA synchronous=FULL");
    return raw;
  } catch (error) {
    raw.close();
    throw error;
  }
}
