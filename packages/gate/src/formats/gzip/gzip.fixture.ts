/** A gzip file, and the same with other fields in its header, for the tests beside it. @module */

import { deflateRawSync, gzipSync } from "node:zlib";

export const text = Buffer.from("what a gzip file holds ".repeat(500));
export const whole = gzipSync(text);

/** Header fields of RFC 1952 §2.3 in front of the same data. */
export const withHeader = (flags: number, fields: Buffer) =>
  Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]),
    fields,
    deflateRawSync(text),
    whole.subarray(-8),
  ]);
