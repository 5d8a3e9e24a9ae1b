/**
 * The first entries of a tar or zip, from its first bytes: enough to tell whose archive it is and of when. Source: POSIX.1-2017
 * pax, "ustar Interchange Format"; RFC 1952; PKWARE APPNOTE.TXT 4.3.7.
 * @module
 */

import { constants, gunzipSync } from "node:zlib";
import type { SourceFile } from "../source.ts";

const BLOCK_BYTES = 512;
const HEAD_BYTES = 64 * 1024;
const MAX_UNPACKED_BYTES = 1024 * 1024;
const MAX_ENTRIES = 1000;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;

export interface HeadEntry {
  readonly name: string;
  /** Seconds since 1970; a zip has none that can be relied on. */
  readonly modifiedSeconds?: number;
}

/** @returns as many entries as the bytes show, of a tar, a packed tar or a zip; nothing of anything else */
export function entriesInHead(head: Uint8Array): readonly HeadEntry[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === LOCAL_HEADER) return zipEntries(bytes);
  return tarEntries(bytes[0] === 0x1f && bytes[1] === 0x8b ? unpackHead(bytes) : bytes);
}

/**
 * When the archive of a repository was made: such archives give every entry the time of their commit.
 * @returns ISO 8601; undefined where the archive does not say
 */
export async function archiveDate({ source }: SourceFile): Promise<string | undefined> {
  const head = await source.read(0, Math.min(HEAD_BYTES, source.sizeBytes));
  const seconds = entriesInHead(head)[0]?.modifiedSeconds;
  return seconds === undefined || seconds === 0 ? undefined : new Date(seconds * 1000).toISOString();
}

/** What the beginning of packed data unpacks to; nothing when it is damaged. */
function unpackHead(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_UNPACKED_BYTES,
    });
  } catch {
    return Buffer.alloc(0);
  }
}

function tarEntries(bytes: Buffer): readonly HeadEntry[] {
  const entries: HeadEntry[] = [];
  for (let at = 0; at + BLOCK_BYTES <= bytes.length && entries.length < MAX_ENTRIES; ) {
    if (bytes.toString("latin1", at + 257, at + 262) !== "ustar") break;
    const sizeBytes = octal(bytes, at + 124, 12);
    const modifiedSeconds = octal(bytes, at + 136, 12);
    if (sizeBytes === undefined || modifiedSeconds === undefined) break;
    const isAboutOthers = ["g", "x", "L", "K"].includes(String.fromCharCode(bytes[at + 156] ?? 0));
    const name = [text(bytes, at + 345, 155), text(bytes, at, 100)].filter((part) => part !== "").join("/");
    if (!isAboutOthers) entries.push({ name, modifiedSeconds });
    at += BLOCK_BYTES + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return entries;
}

function zipEntries(bytes: Buffer): readonly HeadEntry[] {
  const entries: HeadEntry[] = [];
  for (let at = 0; at + LOCAL_HEADER_BYTES <= bytes.length && entries.length < MAX_ENTRIES; ) {
    if (bytes.readUInt32LE(at) !== LOCAL_HEADER) break;
    const nameEnd = at + LOCAL_HEADER_BYTES + bytes.readUInt16LE(at + 26);
    entries.push({ name: bytes.toString("utf8", at + LOCAL_HEADER_BYTES, nameEnd) });
    at = nameEnd + bytes.readUInt16LE(at + 28) + bytes.readUInt32LE(at + 18);
  }
  return entries;
}

function octal(bytes: Buffer, at: number, length: number): number | undefined {
  const digits = text(bytes, at, length).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

const text = (bytes: Buffer, at: number, length: number): string =>
  bytes.toString("utf8", at, at + length).replace(/\0[\s\S]*$/, "");
