/** What a log that cannot be used means for the person at the keyboard. Source: sqlite.org/rescode.html @module */

import { SallyportError, WorldError } from "@sallyport/core";

const MEANING: Readonly<Record<number, string>> = {
  3: "may not be opened: check the rights on the file and its folder",
  5: "stayed locked by another process: try again",
  6: "stayed locked by another process: try again",
  8: "cannot be written: check the rights on the file and its folder",
  10: "could not be read or written: check the disk",
  11: "is damaged: restore it from a backup",
  13: "could not grow: the disk is full, make room and try again",
  14: "cannot be opened: check that the folder exists and can be written",
  26: "is not a database: move it away or restore it from a backup",
};

/** The primary result code of an error from node:sqlite, when it is one. */
export function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/**
 * Any failure of the log as a WorldError `world.ledger`, because without a receipt there is no answer.
 * @param meaning - said about the file, when the error itself cannot tell
 */
export function ledgerError(file: string, error: unknown, meaning?: string): SallyportError {
  if (error instanceof SallyportError) return error;
  const said = meaning ?? MEANING[resultCodeOf(error) ?? -1] ?? systemMeaning(error);
  return new WorldError("world.ledger", `the log ${file} ${said}`, { cause: error });
}

function systemMeaning(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT")
    return "could not grow: the disk is full, make room and try again";
  if (code === "") return "cannot be used";
  return `cannot be written (${code}): make its folder writable or choose another home`;
}
