/** A Zstandard file, and frames that every decoder passes over, for the tests beside it. @module */

import { constants, zstdCompressSync } from "node:zlib";

export const text = Buffer.from("what a Zstandard file holds ".repeat(500));
export const whole = zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });

export function skippable(length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a57, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, "x")]);
}
