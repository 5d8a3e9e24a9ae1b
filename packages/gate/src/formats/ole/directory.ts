/**
 * The directory of a compound file. Source: [MS-CFB] §2.6 (entries), §2.6.4 (red-black tree of siblings).
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { MINI_CUTOFF_BYTES, type OleHeader } from "./header.ts";

export const DIRECTORY_ENTRY_BYTES = 128;
/** "No stream": the end of a link. */
export const NO_ENTRY = 0xffffffff;
/** Storages inside storages; the deepest in use have three. */
const MAXIMUM_DEPTH = 32;
/** Bytes of memory an entry takes up here, roughly. */
const HELD_BYTES_PER_ENTRY = 512;

export type EntryKind = "storage" | "stream" | "root";

export interface DirectoryEntry {
  readonly id: number;
  readonly kind: EntryKind;
  readonly name: string;
  /** UTF-16LE without the terminator, as it stands. */
  readonly rawName: Buffer;
  readonly classId: Buffer;
  readonly stateBits: Buffer;
  readonly createdAt: Buffer;
  readonly modifiedAt: Buffer;
  readonly startSector: number;
  readonly sizeBytes: number;
  /** The low 32 bits of the size field as they stand. */
  readonly rawSize: Buffer;
  readonly left: number;
  readonly right: number;
  readonly child: number;
}

/** An entry with those below it. */
export interface OleNode {
  readonly entry: DirectoryEntry;
  readonly children: readonly OleNode[];
}

/** The directory, with what the tree does not reach. */
export interface Directory {
  readonly root: OleNode;
  /** Entries in use that no link leads to. */
  readonly unreachable: readonly DirectoryEntry[];
  /** Ids of unused entries that hold something. */
  readonly dirtyUnused: readonly number[];
}

/**
 * Reads all entries and walks the tree from the root. Every entry is reached once at most, so a loop is found.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.over-limit`
 */
export async function readDirectory(
  source: ByteSource,
  header: OleHeader,
  maxHeldBytes: number,
): Promise<Directory> {
  const count = Math.floor(source.sizeBytes / DIRECTORY_ENTRY_BYTES);
  if (count * HELD_BYTES_PER_ENTRY > maxHeldBytes) {
    throw new ArtifactError(
      "artifact.over-limit",
      `OLE directory of ${count} entries is larger than may be held`,
    );
  }
  const entries: (DirectoryEntry | undefined)[] = [];
  const dirtyUnused: number[] = [];
  for (let id = 0; id < count; id += 1) {
    const bytes = await readExactly(
      source,
      id * DIRECTORY_ENTRY_BYTES,
      DIRECTORY_ENTRY_BYTES,
      "OLE directory",
    );
    const entry = parseEntry(bytes, id, header);
    if (entry === undefined && isDirty(bytes)) dirtyUnused.push(id);
    entries.push(entry);
  }
  const reached = new Uint8Array(count);
  const [first] = entries;
  if (first?.kind !== "root") refuse("the first directory entry is not the root");
  reached[0] = 1;
  const root = { entry: first, children: walkChildren(first, { entries, reached, depth: 0 }) };
  const unreachable = entries.filter((entry) => entry !== undefined && reached[entry.id] === 0);
  return { root, unreachable: unreachable.filter((entry) => entry !== undefined), dirtyUnused };
}

interface Walk {
  readonly entries: readonly (DirectoryEntry | undefined)[];
  readonly reached: Uint8Array;
  readonly depth: number;
}

/** The siblings under one storage; the tree between them is walked with a stack of its own, not by recursion. */
function walkChildren(parent: DirectoryEntry, walk: Walk): readonly OleNode[] {
  if (walk.depth > MAXIMUM_DEPTH) refuse(`storages lie deeper than ${MAXIMUM_DEPTH} levels`);
  const siblings: DirectoryEntry[] = [];
  const pending = [parent.child];
  const names = new Set<string>();
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (id === NO_ENTRY) continue;
    const entry = walk.entries[id];
    if (entry === undefined) refuse(`a link leads to directory entry ${id}, which is not in use`);
    if (walk.reached[id] === 1) refuse(`directory entry ${id} is reached twice: a loop, or two parents`);
    if (entry.kind === "root") refuse("there is a second root");
    walk.reached[id] = 1;
    // [MS-CFB] §2.6.4: siblings are unique by upper-cased name.
    const folded = entry.name.toUpperCase();
    if (names.has(folded)) refuse("two entries of one storage have the same name");
    names.add(folded);
    siblings.push(entry);
    pending.push(entry.right, entry.left);
  }
  return siblings.map((entry) => ({
    entry,
    children: entry.kind === "storage" ? walkChildren(entry, { ...walk, depth: walk.depth + 1 }) : [],
  }));
}

function parseEntry(bytes: Buffer, id: number, header: OleHeader): DirectoryEntry | undefined {
  const type = bytes.readUInt8(66);
  if (type === 0) return undefined;
  const kind = type === 1 ? "storage" : type === 2 ? "stream" : type === 5 ? "root" : undefined;
  if (kind === undefined) refuse(`directory entry ${id} is of type ${type}, which nobody defined`);
  const nameBytes = bytes.readUInt16LE(64);
  if (nameBytes < 2 || nameBytes > 64 || nameBytes % 2 !== 0) {
    refuse(`directory entry ${id} has a name of ${nameBytes} bytes`);
  }
  const rawName = bytes.subarray(0, nameBytes - 2);
  if (bytes.readUInt16LE(nameBytes - 2) !== 0) refuse(`the name of directory entry ${id} does not end`);
  const low = bytes.readUInt32LE(120);
  // [MS-CFB] §2.6.1: the upper half means nothing in version 3, where writers left rubbish in it.
  const high = header.majorVersion === 3 ? 0 : bytes.readUInt32LE(124);
  const sizeBytes = high * 2 ** 32 + low;
  if (!Number.isSafeInteger(sizeBytes)) refuse(`directory entry ${id} claims an impossible size`);
  const child = bytes.readUInt32LE(76);
  if (kind === "stream" && child !== NO_ENTRY) refuse(`stream ${id} has children`);
  return {
    id,
    kind,
    name: rawName.toString("utf16le"),
    rawName,
    classId: bytes.subarray(80, 96),
    stateBits: bytes.subarray(96, 100),
    createdAt: bytes.subarray(100, 108),
    modifiedAt: bytes.subarray(108, 116),
    startSector: bytes.readUInt32LE(116),
    sizeBytes: kind === "storage" ? 0 : sizeBytes,
    rawSize: bytes.subarray(120, 124),
    left: bytes.readUInt32LE(68),
    right: bytes.readUInt32LE(72),
    child,
  };
}

/** [MS-CFB] §2.6.3: an unused entry is zero but for its links; some writers leave those zero as well. */
function isDirty(bytes: Buffer): boolean {
  return bytes.some((byte, at) => byte !== 0 && !(at >= 68 && at < 80 && byte === 0xff));
}

/** True when the stream's bytes stand in the mini stream. */
export const isMini = (entry: DirectoryEntry): boolean =>
  entry.kind === "stream" && entry.sizeBytes < MINI_CUTOFF_BYTES;

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `OLE: ${because}`);
}
