/**
 * Permissions of Android packages. Their manifest is XML in a form of its own, with all its texts in one table; the names of
 * permissions are read from that.
 * Sources: Android, Manifest.permission; frameworks/base, androidfw/ResourceTypes.h, `ResStringPool_header`.
 * @module
 */

import { type Grants, makeGrants } from "./grants.ts";

const XML = 0x0003;
const STRING_POOL = 0x0001;
const UTF8 = 0x100;
const POOL_HEADER_BYTES = 28;
const MAX_STRINGS = 100_000;
const MAX_CHARACTERS = 256;

const PERMISSION = /^(?:[A-Za-z][\w]*\.)+permission\.[A-Z][A-Z0-9_]{2,100}$/;

/** @returns undefined for what is no such manifest */
export function readAndroidGrants(bytes: Buffer): Grants | undefined {
  if (bytes.length < 8 + POOL_HEADER_BYTES || bytes.readUInt16LE(0) !== XML) return undefined;
  const pool = bytes.subarray(8);
  if (pool.readUInt16LE(0) !== STRING_POOL) return undefined;
  const count = Math.min(
    pool.readUInt32LE(8),
    MAX_STRINGS,
    Math.floor((pool.length - POOL_HEADER_BYTES) / 4),
  );
  const isUtf8 = (pool.readUInt32LE(16) & UTF8) !== 0;
  const start = pool.readUInt32LE(20);
  const names: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = start + pool.readUInt32LE(POOL_HEADER_BYTES + index * 4);
    const text = isUtf8 ? readUtf8(pool, at) : readUtf16(pool, at);
    if (PERMISSION.test(text)) names.push(text);
  }
  return makeGrants("android", names);
}

/** A length in characters, one in bytes, each of one byte or two. */
function readUtf8(pool: Buffer, at: number): string {
  if (at + 4 > pool.length) return "";
  const lengthAt = at + (pool.readUInt8(at) >= 0x80 ? 2 : 1);
  const isLong = pool.readUInt8(lengthAt) >= 0x80;
  if (lengthAt + 2 > pool.length) return "";
  const length = isLong
    ? ((pool.readUInt8(lengthAt) & 0x7f) << 8) | pool.readUInt8(lengthAt + 1)
    : pool.readUInt8(lengthAt);
  const from = lengthAt + (isLong ? 2 : 1);
  return length > MAX_CHARACTERS ? "" : pool.toString("utf8", from, Math.min(pool.length, from + length));
}

function readUtf16(pool: Buffer, at: number): string {
  if (at + 2 > pool.length) return "";
  const length = pool.readUInt16LE(at);
  if (length > MAX_CHARACTERS) return "";
  return pool.toString("utf16le", at + 2, Math.min(pool.length, at + 2 + length * 2));
}
