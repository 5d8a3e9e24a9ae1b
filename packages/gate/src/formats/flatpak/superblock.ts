/**
 * The front of a Flatpak bundle: a static delta of OSTree from nothing, with its parts inside.
 * Sources: OSTree, ostree-repo-static-delta-private.h (OSTREE_STATIC_DELTA_SUPERBLOCK_FORMAT); Flatpak,
 * flatpak-bundle-ref.c.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import {
  arrayRanges,
  BYTES,
  offsetBytes,
  readArray,
  readOffset,
  readText,
  readTuple,
  refuse,
  splitVariant,
  tupleRanges,
  UINT32,
  UINT64,
  WIDE,
} from "./gvariant.ts";

/** `(a{sv}tayay(…)aya(uayttay)a(yaytt))`. */
const SUPERBLOCK = [WIDE, UINT64, BYTES, BYTES, WIDE, BYTES, WIDE, WIDE];
/** `(uayttay)`. */
const PART_HEADER = [UINT32, BYTES, UINT64, UINT64, BYTES];
const OBJECT_BYTES = 33;
/** A key, or a value that is read whole, is not longer. */
const LONGEST_SMALL_BYTES = 1024 * 1024;
const LONGEST_KEY_BYTES = 4096;

/** Kinds of objects of OSTree. */
export const [FILE, TREE, COMMIT] = [1, 2, 4];

export interface ObjectName {
  readonly kind: number;
  /** Lower-case hex. */
  readonly checksum: string;
}

export interface Part {
  /** Where it stands in the bundle: `(yay)`. */
  readonly start: number;
  readonly end: number;
  readonly objects: readonly ObjectName[];
}

export interface Superblock {
  /** Small texts of its metadata: `ref`, `metadata`, `origin`. */
  readonly texts: ReadonlyMap<string, string>;
  readonly commit: Buffer;
  readonly commitChecksum: string;
  readonly parts: readonly Part[];
  /** Objects that must be fetched elsewhere. */
  readonly absent: number;
}

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function readSuperblock(source: ByteSource, context: OpenContext): Promise<Superblock> {
  const tailBytes = Math.min(source.sizeBytes, 64);
  const tail = await readExactly(source, source.sizeBytes - tailBytes, tailBytes, "flatpak: the end");
  const ranges = tupleRanges(tail, source.sizeBytes, SUPERBLOCK);
  const read = async (index: number): Promise<Buffer> => {
    const [start, end] = ranges[index] ?? [0, 0];
    if (end - start > context.maxHeldBytes / 4)
      throw new ArtifactError("artifact.over-limit", `flatpak: a table of ${end - start} bytes`);
    return readExactly(source, start, end - start, "flatpak: a table");
  };
  const metadata = await readMetadata(source, ranges[0]?.[1] ?? 0, context);
  const headers = readArray(await read(6), 8).map((header) => readTuple(header, PART_HEADER));
  const parts = headers.map((header, index) => {
    const place = metadata.parts.get(index);
    return place === undefined ? undefined : { ...place, objects: objectsOf(header[4]) };
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length < headers.length || metadata.parts.size > headers.length)
    refuse("does not hold the parts that it lists");
  return {
    texts: metadata.texts,
    commit: await read(4),
    commitChecksum: (await read(3)).toString("hex"),
    parts: known,
    absent: readArray(await read(7), 8).length,
  };
}

function objectsOf(list: Buffer | undefined): ObjectName[] {
  if (list === undefined || list.length % OBJECT_BYTES !== 0)
    return refuse("has a list of objects of no whole length");
  return Array.from({ length: list.length / OBJECT_BYTES }, (_, index) => {
    const at = index * OBJECT_BYTES;
    return { kind: list.readUInt8(at), checksum: list.toString("hex", at + 1, at + OBJECT_BYTES) };
  });
}

interface Metadata {
  readonly texts: Map<string, string>;
  readonly parts: Map<number, { readonly start: number; readonly end: number }>;
}

/** `a{sv}`, in which the parts stand as well: only small values are read. */
async function readMetadata(source: ByteSource, sizeBytes: number, context: OpenContext): Promise<Metadata> {
  const width = offsetBytes(sizeBytes);
  const last = await readExactly(source, sizeBytes - width, width, "flatpak: the metadata");
  const tableBytes = sizeBytes - readOffset(last, 0, width);
  if (tableBytes < 0 || tableBytes > LONGEST_SMALL_BYTES) refuse("has metadata of an impossible length");
  const table = await readExactly(source, sizeBytes - tableBytes, tableBytes, "flatpak: the metadata");
  const found: Metadata = { texts: new Map(), parts: new Map() };
  for (const [start, end] of arrayRanges(table, sizeBytes, 8)) {
    context.budget.checkTime();
    await readEntry(source, { start, end }, found);
  }
  return found;
}

async function readEntry(
  source: ByteSource,
  { start, end }: { readonly start: number; readonly end: number },
  found: Metadata,
): Promise<void> {
  const width = offsetBytes(end - start);
  const keyEnd = readOffset(await readExactly(source, end - width, width, "flatpak: a key"), 0, width);
  if (keyEnd > Math.min(LONGEST_KEY_BYTES, end - start)) refuse("has a key that is too long");
  const key = readText(await readExactly(source, start, keyEnd, "flatpak: a key"));
  const valueStart = start + Math.ceil(keyEnd / 8) * 8;
  const valueEnd = end - width;
  if (valueStart > valueEnd) refuse("has a key without a value");
  const index = /^deltas\/.*\/(\d{1,6})$/.exec(key)?.[1];
  if (index !== undefined) {
    const type = await readExactly(source, valueEnd - PART_TYPE.length, PART_TYPE.length, "flatpak: a part");
    if (!type.equals(PART_TYPE) || found.parts.has(Number(index)))
      refuse("has a part that is none, or one twice");
    found.parts.set(Number(index), { start: valueStart, end: valueEnd - PART_TYPE.length });
  } else if (valueEnd - valueStart <= LONGEST_SMALL_BYTES) {
    const { value, type } = splitVariant(
      await readExactly(source, valueStart, valueEnd - valueStart, "flatpak: a value"),
    );
    if (found.texts.has(key)) refuse("has a key twice");
    if (type === "s") found.texts.set(key, readText(value));
  }
}

const PART_TYPE = Buffer.from("\0(yay)");
