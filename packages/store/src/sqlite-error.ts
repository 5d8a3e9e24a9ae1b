/**
 * What a failing SQLite file means for the person at the keyboard.
 * Source: https://www.sqlite.org/rescode.html; node:sqlite puts the extended result code in `errcode`.
 * @module
 */

import { SallyportError, WorldError } from "@sallyport/core";

/** Primary result codes that tell of the world. A constraint is not among them: that is the caller's business. */
const MEANING: Readonly<Record<number, string>> = {
  3: "may not be opened: check the rights on the file and its folder",
  5: "stayed locked by another process: try again",
  6: "stayed locked by another process: try again",
  8: "cannot be written: check the rights on the file and its folder",
  10: "could not be read or written: check the disk",
  11: "is damaged: restore it from a backup",
  13: "could not grow: the disk is full, make room and try again",
  14: "cannot be opened: check that the folder exists and can be written",
  22: "is larger than this file system allows",
  23: "may not be opened: check the rights on the file and its folder",
  26: "is not a database: move it away or restore it from a backup",
};

/** The primary result code of an error from node:sqlite, when it is one. */
export function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/**
 * Turns an error of the database file into a WorldError `world.store`; any other error comes back as it is.
 * @param file - shown to the person, who needs to know which file it is about
 */
export function storeError(file: string, error: unknown): unknown {
  if (error instanceof SallyportError) return error;
  const meaning = MEANING[resultCodeOf(error) ?? -1];
  if (meaning === undefined) return error;
  return new WorldError("world.store", `${file} ${meaning}`, { cause: error });
}
