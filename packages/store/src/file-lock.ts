/**
 * One process at a time, across processes and crashes: SQLite's lock on a small file, which the system lets go of when its
 * owner dies. A file that says "locked" would stay behind. Source: https://www.sqlite.org/lockingv3.html
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { resultCodeOf, storeError } from "./sqlite-error.ts";
import { makePrivate } from "./sqlite-file.ts";

const SQLITE_BUSY = 5;

export interface FileLock {
  release(): void;
}

/**
 * @param file - made when it is not there; holds nothing
 * @returns undefined while somebody else has it
 * @throws WorldError `world.home` when it cannot be made, `world.store` when it is no lock
 */
export function tryFileLock(file: string): FileLock | undefined {
  makePrivate(file);
  const raw = new DatabaseSync(file, { timeout: 0 });
  try {
    raw.exec("BEGIN EXCLUSIVE");
    return { release: () => raw.close() };
  } catch (error) {
    raw.close();
    if (resultCodeOf(error) === SQLITE_BUSY) return undefined;
    throw storeError(file, error);
  }
}
