/**
 * The end of a zip where no archive should end. Java runs whatever such an end leads to, also with bytes behind it,
 * and so ran a JAR that was appended to a signed installer (CVE-2020-1464).
 * Source: APPNOTE 6.3.10 §4.3.16; OpenJDK, `ZipFile.Source.findEND`.
 * @module
 */

import { TAIL_BYTES } from "./format.ts";

const END = Buffer.from("PK\x05\x06", "latin1");
const ZIP64_LOCATOR = Buffer.from("PK\x06\x07", "latin1");
const DIRECTORY = Buffer.from("PK\x01\x02", "latin1");
const LOCATOR_BYTES = 20;
const END_BYTES = 22;

/**
 * @param bytes - where no archive should end; only as much of their end is looked at as a reader of archives would
 * @returns where in `bytes` an end record stands that a directory or a zip64 record goes before
 */
export function findArchiveEnd(bytes: Buffer): number | undefined {
  const start = Math.max(0, bytes.length - TAIL_BYTES);
  for (let at = bytes.indexOf(END, start); at >= 0; at = bytes.indexOf(END, at + 1)) {
    if (at + END_BYTES > bytes.length) return undefined;
    const directory = at - bytes.readUInt32LE(at + 12);
    const locator = at - LOCATOR_BYTES;
    // A directory before `bytes` begins cannot be looked at here: then the end alone must do.
    if (directory < 0 || isAt(bytes, DIRECTORY, directory) || isAt(bytes, ZIP64_LOCATOR, locator)) return at;
  }
  return undefined;
}

const isAt = (bytes: Buffer, mark: Buffer, at: number): boolean =>
  at >= 0 && bytes.subarray(at, at + mark.length).equals(mark);
