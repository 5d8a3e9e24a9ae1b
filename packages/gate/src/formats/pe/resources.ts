/**
 * The resource tree, walked only as far as one resource: three levels of tables, type over name over language.
 * A hostile tree may point anywhere in circles; the walk takes three steps and no more.
 * Source: Microsoft, PE Format, "The .rsrc Section".
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { offsetOf } from "./address.ts";
import { DIRECTORY, type FileRange, type PeHeaders } from "./headers.ts";

export const RESOURCE_TYPE = { version: 16, manifest: 24 } as const;

const TABLE_BYTES = 16;
const ENTRY_BYTES = 8;
/** No table that people made has as many entries. */
const MAX_ENTRIES = 16_384;

/**
 * Finds the first resource of a type.
 * @returns where its bytes stand; undefined when there is none
 * @throws {@link ArtifactError} `artifact.truncated` when a table reaches past the end of the file
 */
export async function findResource(
  source: ByteSource,
  headers: PeHeaders,
  type: number,
): Promise<FileRange | undefined> {
  const root = headers.directories[DIRECTORY.resources];
  if (root === undefined || root.address === 0) return undefined;
  const base = offsetOf(headers, root.address, TABLE_BYTES);
  if (base === undefined) return undefined;
  const names = await findEntry(source, base, 0, (id) => id === type);
  const languages = names?.isTable === true ? await findEntry(source, base, names.offset, any) : undefined;
  const leaf = languages?.isTable === true ? await findEntry(source, base, languages.offset, any) : undefined;
  if (leaf === undefined || leaf.isTable) return undefined;
  const entry = await readExactly(source, base + leaf.offset, 16, "PE: resource data entry");
  const sizeBytes = entry.readUInt32LE(4);
  const offsetBytes = offsetOf(headers, entry.readUInt32LE(0), sizeBytes);
  return offsetBytes === undefined ? undefined : { offsetBytes, sizeBytes };
}

const any = (): boolean => true;

interface Entry {
  /** From the start of the resource section. */
  readonly offset: number;
  readonly isTable: boolean;
}

async function findEntry(
  source: ByteSource,
  base: number,
  tableOffset: number,
  accept: (id: number | undefined) => boolean,
): Promise<Entry | undefined> {
  const table = await readExactly(source, base + tableOffset, TABLE_BYTES, "PE: resource table");
  const count = Math.min(table.readUInt16LE(12) + table.readUInt16LE(14), MAX_ENTRIES);
  const entries = await readExactly(
    source,
    base + tableOffset + TABLE_BYTES,
    count * ENTRY_BYTES,
    "PE: resource table",
  );
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const id = entries.readUInt32LE(at);
    // The high bit tells a named entry from a numbered one, and below, a table from a leaf.
    if (!accept(id >= HIGH_BIT ? undefined : id)) continue;
    const offset = entries.readUInt32LE(at + 4);
    return offset >= HIGH_BIT ? { offset: offset - HIGH_BIT, isTable: true } : { offset, isTable: false };
  }
  return undefined;
}

const HIGH_BIT = 0x8000_0000;
