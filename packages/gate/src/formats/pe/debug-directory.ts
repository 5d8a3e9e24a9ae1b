/** What the debug directory lists. Source: Microsoft, PE Format, "Debug Directory". @module */

import { type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { directoryRange } from "./address.ts";
import { DIRECTORY, type FileRange, type PeHeaders } from "./headers.ts";

/** IMAGE_DEBUG_TYPE_CODEVIEW. */
export const CODE_VIEW = 2;

const ENTRY_BYTES = 28;
const MAX_ENTRIES = 64;

export interface DebugEntry extends FileRange {
  /** IMAGE_DEBUG_TYPE_*: 2 is CodeView. */
  readonly type: number;
}

/** @returns nothing for a directory that is not in the file: nobody else would find its records either */
export async function readDebugEntries(source: ByteSource, headers: PeHeaders): Promise<DebugEntry[]> {
  const range = directoryRange(headers, headers.directories[DIRECTORY.debug], ENTRY_BYTES * MAX_ENTRIES);
  if (range === undefined) return [];
  try {
    const table = await readExactly(source, range.offsetBytes, range.sizeBytes, "PE: debug directory");
    return Array.from({ length: Math.floor(table.length / ENTRY_BYTES) }, (_, index) => ({
      type: table.readUInt32LE(index * ENTRY_BYTES + 12),
      sizeBytes: table.readUInt32LE(index * ENTRY_BYTES + 16),
      offsetBytes: table.readUInt32LE(index * ENTRY_BYTES + 24),
    }));
  } catch (error) {
    if (hasCode(error, "artifact.truncated")) return [];
    throw error;
  }
}
