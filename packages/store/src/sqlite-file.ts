/**
 * Opens the one file of a store: private to its owner, durable, shared between processes.
 * Source: https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html#pragma_synchronous
 * @module
 */

import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WorldError } from "@sallyport/core";
import { resultCodeOf, storeError } from "./sqlite-error.ts";

const BUSY_TIMEOUT_MILLISECONDS = 10_000;
const RETRY_MILLISECONDS = 20;
const SQLITE_BUSY = 5;

/**
 * @returns the open file: WAL, synchronous FULL, foreign keys on
 * @throws WorldError `world.home` when the folder or file cannot be made, `world.store` when it is no usable database
 */
export function openSqliteFile(file: string): DatabaseSync {
  makePrivate(file);
  const deadline = performance.now() + BUSY_TIMEOUT_MILLISECONDS;
  for (;;) {
    try {
      return configure(file);
    } catch (error) {
      // Changing the journal mode does not always wait for the busy timeout when two processes start at once.
      if (resultCodeOf(error) !== SQLITE_BUSY || performance.now() > deadline) throw storeError(file, error);
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

/**
 * SQLite gives its -wal and -shm files the mode of the main file, so that one has to be right from the start.
 * @throws WorldError `world.home`
 */
export function makePrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new WorldError(
      "world.home",
      `${file} cannot be written (${reason}): make its folder writable or choose another home`,
      { cause: error },
    );
  }
}
