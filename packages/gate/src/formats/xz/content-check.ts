/** Checksums over a block's content. Source: xz-file-format 1.2.1 §2.1.1.2, §6. @module */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ArtifactError } from "@sallyport/core";

export interface ContentCheck {
  readonly sizeBytes: number;
  update(bytes: Buffer): void;
  /** As it stands in the file. */
  digest(): Buffer;
}

/** @throws {@link ArtifactError} `artifact.unsupported` for checks that nobody has defined */
export function startCheck(id: number): ContentCheck {
  if (id === 0) return { sizeBytes: 0, update: () => {}, digest: () => Buffer.alloc(0) };
  if (id === 1) return startCrc32();
  if (id === 4) return startCrc64();
  if (id === 10) {
    const hash = createHash("sha256");
    return { sizeBytes: 32, update: (bytes) => hash.update(bytes), digest: () => hash.digest() };
  }
  throw new ArtifactError("artifact.unsupported", `xz: check ${id} is not defined`);
}

function startCrc32(): ContentCheck {
  let crc = 0;
  const update = (bytes: Buffer) => {
    crc = crc32(bytes, crc);
  };
  const digest = () => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(crc);
    return bytes;
  };
  return { sizeBytes: 4, update, digest };
}

/** ECMA-182, reflected, as two halves of 32 bits; four tables take four bytes a step. */
function startCrc64(): ContentCheck {
  const { low, high } = crc64Tables();
  let crcLow = -1;
  let crcHigh = -1;
  const update = (bytes: Buffer) => {
    let at = 0;
    for (const end = bytes.length - 3; at < end; at += 4) {
      const word =
        crcLow ^
        ((bytes[at] as number) |
          ((bytes[at + 1] as number) << 8) |
          ((bytes[at + 2] as number) << 16) |
          ((bytes[at + 3] as number) << 24));
      const a = 768 + (word & 0xff);
      const b = 512 + ((word >>> 8) & 0xff);
      const c = 256 + ((word >>> 16) & 0xff);
      const d = word >>> 24;
      crcLow = crcHigh ^ (low[a] as number) ^ (low[b] as number) ^ (low[c] as number) ^ (low[d] as number);
      crcHigh = (high[a] as number) ^ (high[b] as number) ^ (high[c] as number) ^ (high[d] as number);
    }
    for (; at < bytes.length; at += 1) {
      const index = (crcLow ^ (bytes[at] as number)) & 0xff;
      crcLow = (low[index] as number) ^ ((crcLow >>> 8) | (crcHigh << 24));
      crcHigh = (high[index] as number) ^ (crcHigh >>> 8);
    }
  };
  const digest = () => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(~crcLow, 0);
    bytes.writeInt32LE(~crcHigh, 4);
    return bytes;
  };
  return { sizeBytes: 8, update, digest };
}

let tables: { low: Int32Array; high: Int32Array } | undefined;

/** Table k holds what a byte does to the checksum when k more bytes follow it. */
function crc64Tables(): { low: Int32Array; high: Int32Array } {
  if (tables) return tables;
  const low = new Int32Array(1024);
  const high = new Int32Array(1024);
  const mask = 0xffffffffffffffffn;
  const single: bigint[] = [];
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? 0xc96c5795d7870f42n : 0n);
    single.push(crc & mask);
  }
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = single[byte] ?? 0n;
    for (let table = 0; table < 4; table += 1) {
      low[table * 256 + byte] = Number(BigInt.asIntN(32, crc));
      high[table * 256 + byte] = Number(BigInt.asIntN(32, crc >> 32n));
      crc = (crc >> 8n) ^ (single[Number(crc & 0xffn)] ?? 0n);
    }
  }
  tables = { low, high };
  return tables;
}
