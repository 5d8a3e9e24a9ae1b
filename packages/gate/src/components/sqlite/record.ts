/** One row as it is stored. Source: SQLite, "Database File Format", §2.1 "Record Format". @module */

import { ArtifactError } from "@sallyport/core";

export type SqlValue = null | number | string | Buffer;

const MAX_COLUMNS = 2_000;
/** Bytes of whole numbers by their type. */
const WHOLE_BYTES: readonly number[] = [0, 1, 2, 3, 4, 6, 8];
const FLOAT = 7;

/** @throws {@link ArtifactError} `artifact.malformed` */
export function readRecord(payload: Buffer): readonly SqlValue[] {
  const [headerBytes, first] = readVarint(payload, 0);
  if (headerBytes > payload.length) throw malformed("has a row whose header does not fit");
  const values: SqlValue[] = [];
  let at = headerBytes;
  for (let place = first; place < headerBytes; ) {
    const [type, next] = readVarint(payload, place);
    place = next;
    const sizeBytes = sizeOf(type);
    if (at + sizeBytes > payload.length || values.length >= MAX_COLUMNS)
      throw malformed("has a row that does not fit");
    values.push(readValue(type, payload.subarray(at, at + sizeBytes)));
    at += sizeBytes;
  }
  return values;
}

function sizeOf(type: number): number {
  if (type === FLOAT) return 8;
  if (type >= 12) return Math.floor((type - 12) / 2);
  return WHOLE_BYTES[type] ?? 0;
}

function readValue(type: number, bytes: Buffer): SqlValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === FLOAT) return bytes.readDoubleBE(0);
  if (type >= 12) return type % 2 === 0 ? bytes : bytes.toString("utf8");
  if (bytes.length === 8) return Number(bytes.readBigInt64BE(0));
  return bytes.length === 0 ? null : bytes.readIntBE(0, bytes.length);
}

/** §1.6: up to nine bytes, seven bits each, eight in the last. @returns the value and where it ends */
export function readVarint(bytes: Buffer, start: number): readonly [value: number, end: number] {
  let value = 0;
  for (let at = start; at < start + 9; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) throw malformed("ends inside a number");
    if (at === start + 8) return [value * 256 + byte, at + 1];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + 1];
  }
  throw malformed("ends inside a number");
}

export const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `SQLite: the database ${what}`);
