/**
 * One process at a time, across processes and crashes: SQLite's lock on a small file, which the system lets go of when its
 * owner dies. A file that says "locked" would stay behind. Source: https://www.sqlite.org/lockingv3.html
 * @module
 */

import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WorldError } from "@sallyport/core";
import { resultCodeOf, storeError } from "./sqlite-error.ts";

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

function makePrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
  } catch (cause) {
    throw new WorldError("world.home", `${file}: cannot be made; make its folder writable`, { cause });
  }
}
