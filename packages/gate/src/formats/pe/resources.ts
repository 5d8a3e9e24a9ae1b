/**
 * The resource tree: three levels of tables, type over name over language, and below them the data.
 * A hostile tree may point anywhere in circles; the walk takes three steps and no more, and counts what it meets.
 * Source: Microsoft, PE Format, "The .rsrc Section".
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { offsetOf } from "./address.ts";
import { DIRECTORY, type FileRange, type PeHeaders } from "./headers.ts";

/** RT_*. */
export const RESOURCE_TYPE = { data: 10, version: 16, manifest: 24 } as const;

const TABLE_BYTES = 16;
const ENTRY_BYTES = 8;
/** No table that people made has as many entries. */
const MAX_ENTRIES = 16_384;
/** Over all levels. The largest libraries of pictures have some ten thousand; a tree that leads in circles, no end. */
const MAX_VISITED = 262_144;
/** The length of a name is a word; what is longer is cut. */
const SHOWN_NAME_CHARACTERS = 64;

export interface Resource extends FileRange {
  /** A number, or a name as the file gives it. */
  readonly type: number | string;
  readonly name: number | string;
  readonly language: number | string;
}

/**
 * Finds the first resource of a type, and of a name when one is asked for.
 * @returns where its bytes stand; undefined when there is none
 * @throws {@link ArtifactError} `artifact.truncated` when a table reaches past the end of the file
 */
export async function findResource(
  source: ByteSource,
  headers: PeHeaders,
  type: number,
  name?: number,
): Promise<FileRange | undefined> {
  const tree = openTree(source, headers);
  if (tree === undefined) return undefined;
  const types = (await readTable(tree, 0)).filter(({ id, isTable }) => id === type && isTable);
  // An honest tree has each type once.
  for (const entry of types.slice(0, 4)) {
    const names = await readTable(tree, entry.offset);
    const named = name === undefined ? names[0] : names.find(({ id }) => id === name);
    const [leaf] = named?.isTable ? await readTable(tree, named.offset) : [];
    if (leaf !== undefined) return leaf.isTable ? undefined : readLeaf(tree, leaf.offset);
  }
  return undefined;
}

/**
 * All resources whose bytes stand in the file, in the tree's order.
 * @throws {@link ArtifactError} `artifact.truncated` when a table reaches past the end of the file,
 * `artifact.over-limit` for a tree without an end
 */
export async function* walkResources(source: ByteSource, headers: PeHeaders): AsyncGenerator<Resource> {
  const tree = openTree(source, headers);
  if (tree === undefined) return;
  let visited = 0;
  const tableOf = async (entry: Pick<Entry, "offset" | "isTable">): Promise<Entry[]> => {
    const entries = entry.isTable ? await readTable(tree, entry.offset) : [];
    visited += 1 + entries.length;
    if (visited > MAX_VISITED)
      throw new ArtifactError("artifact.over-limit", `PE: more than ${MAX_VISITED} resources`);
    return entries;
  };
  for (const type of await tableOf({ offset: 0, isTable: true }))
    for (const name of await tableOf(type))
      for (const language of await tableOf(name)) {
        const range = language.isTable ? undefined : await readLeaf(tree, language.offset);
        if (range === undefined) continue;
        const names = await Promise.all([type, name, language].map(({ id }) => nameOf(tree, id)));
        yield { ...range, type: names[0] ?? 0, name: names[1] ?? 0, language: names[2] ?? 0 };
      }
}

interface Tree {
  readonly source: ByteSource;
  readonly headers: PeHeaders;
  /** Where the resource section begins in the file; places in the tree count from it. */
  readonly base: number;
}

interface Entry {
  /** The high bit tells a name, which stands at the place the rest of it gives, from a number. */
  readonly id: number;
  readonly offset: number;
  readonly isTable: boolean;
}

function openTree(source: ByteSource, headers: PeHeaders): Tree | undefined {
  const root = headers.directories[DIRECTORY.resources];
  if (root === undefined || root.address === 0) return undefined;
  const base = offsetOf(headers, root.address, TABLE_BYTES);
  return base === undefined ? undefined : { source, headers, base };
}

async function readTable({ source, base }: Tree, tableOffset: number): Promise<Entry[]> {
  const table = await readExactly(source, base + tableOffset, TABLE_BYTES, "PE: resource table");
  const count = Math.min(table.readUInt16LE(12) + table.readUInt16LE(14), MAX_ENTRIES);
  const offset = base + tableOffset + TABLE_BYTES;
  const bytes = await readExactly(source, offset, count * ENTRY_BYTES, "PE: resource table");
  return Array.from({ length: count }, (_, index) => {
    const place = bytes.readUInt32LE(index * ENTRY_BYTES + 4);
    const isTable = place >= HIGH_BIT;
    return {
      id: bytes.readUInt32LE(index * ENTRY_BYTES),
      offset: isTable ? place - HIGH_BIT : place,
      isTable,
    };
  });
}

async function readLeaf({ source, headers, base }: Tree, offset: number): Promise<FileRange | undefined> {
  const entry = await readExactly(source, base + offset, 16, "PE: resource data entry");
  const sizeBytes = entry.readUInt32LE(4);
  const offsetBytes = offsetOf(headers, entry.readUInt32LE(0), sizeBytes);
  if (offsetBytes === undefined || offsetBytes + sizeBytes > source.sizeBytes) return undefined;
  return { offsetBytes, sizeBytes };
}

async function nameOf({ source, base }: Tree, id: number): Promise<number | string> {
  if (id < HIGH_BIT) return id;
  const place = base + id - HIGH_BIT;
  const length = (await readExactly(source, place, 2, "PE: resource name")).readUInt16LE(0);
  const shown = Math.min(length, SHOWN_NAME_CHARACTERS);
  return (await readExactly(source, place + 2, shown * 2, "PE: resource name")).toString("utf16le");
}

const HIGH_BIT = 0x8000_0000;
