/** DT_SONAME: the name a library was built under. Source: System V gABI, chapter 5 "Dynamic Section". @module */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type ElfHeaders, SEGMENT } from "./headers.ts";

const TAG = { none: 0, stringTable: 5, stringTableBytes: 10, sharedObjectName: 14 } as const;
const MAX_DYNAMIC_BYTES = 256 * 1024;
const MAX_NAME_BYTES = 512;

/** @returns undefined when the file states none, or states it where nothing is */
export async function readSharedObjectName(
  source: ByteSource,
  headers: ElfHeaders,
): Promise<string | undefined> {
  const segment = headers.segments.find(({ type }) => type === SEGMENT.dynamic);
  if (segment === undefined) return undefined;
  const sizeBytes = Math.min(segment.fileBytes, MAX_DYNAMIC_BYTES);
  const tags = readTags(
    await readExactly(source, segment.offsetBytes, sizeBytes, "ELF: dynamic section"),
    headers,
  );
  const table = tags.get(TAG.stringTable);
  const name = tags.get(TAG.sharedObjectName);
  if (table === undefined || name === undefined || name >= (tags.get(TAG.stringTableBytes) ?? 0))
    return undefined;
  return readText(source, offsetOf(headers, table + name));
}

function readTags(bytes: Buffer, { words }: ElfHeaders): ReadonlyMap<number, number> {
  const tags = new Map<number, number>();
  const rowBytes = words.wide ? 16 : 8;
  for (let at = 0; at + rowBytes <= bytes.length; at += rowBytes) {
    const tag = words.address(bytes, at);
    if (tag === TAG.none) break;
    tags.set(tag, words.address(bytes, at + rowBytes / 2));
  }
  return tags;
}

/** The string table is given by its address in memory. */
function offsetOf(headers: ElfHeaders, address: number): number | undefined {
  if (!Number.isSafeInteger(address)) return undefined;
  for (const segment of headers.segments) {
    const within = address - segment.address;
    if (segment.type === SEGMENT.load && within >= 0 && within < segment.fileBytes)
      return segment.offsetBytes + within;
  }
  return undefined;
}

async function readText(source: ByteSource, offsetBytes: number | undefined): Promise<string | undefined> {
  if (offsetBytes === undefined) return undefined;
  const sizeBytes = Math.max(0, Math.min(MAX_NAME_BYTES, source.sizeBytes - offsetBytes));
  const bytes = await readExactly(source, offsetBytes, sizeBytes, "ELF: shared object name");
  const end = bytes.indexOf(0);
  return end < 0 ? undefined : bytes.toString("utf8", 0, end);
}
