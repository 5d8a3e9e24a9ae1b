/**
 * Compound files made in code: version 3, sectors of 512 bytes, everything in its place and nothing else.
 * Source: [MS-CFB] §2. The siblings' tree is a true red-black tree (§2.6.4): balanced, the deepest level red.
 * @module
 */

import assert from "node:assert/strict";

export interface StorageContent {
  /** Sixteen bytes; zeros by default. */
  readonly classId?: Uint8Array;
  readonly children: readonly CompoundChild[];
  readonly metadata?: EntryMetadata;
}

export interface CompoundChild {
  /** At most 31 UTF-16 units. */
  readonly name: string;
  /** Bytes make a stream, children a storage. */
  readonly content: Uint8Array | StorageContent;
  readonly metadata?: EntryMetadata;
}

/** What an installer's extended digest covers besides names and sizes. */
export interface EntryMetadata {
  readonly stateBits: Uint8Array;
  readonly createdAt: Uint8Array;
  readonly modifiedAt: Uint8Array;
}

const SECTOR_BYTES = 512;
const MINI_SECTOR_BYTES = 64;
const MINI_CUTOFF_BYTES = 4096;
const ENTRY_BYTES = 128;
const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT_MARK = 0xfffffffd;
const DIFAT_MARK = 0xfffffffc;
const NUMBERS_PER_SECTOR = SECTOR_BYTES / 4;
const HEADER_DIFAT_ENTRIES = 109;

/** Writes a compound file. */
export function writeCompoundFile(root: StorageContent): Buffer {
  const entries = [newEntry("Root Entry", 5, root)];
  addChildren(entries, 0, root.children);
  const mini = new Sectors(MINI_SECTOR_BYTES);
  const regular = new Sectors(SECTOR_BYTES);
  for (const entry of entries) {
    if (entry.bytes.length === 0) continue;
    entry.start = (entry.bytes.length < MINI_CUTOFF_BYTES ? mini : regular).add(entry.bytes);
  }
  const [first] = entries;
  assert(first !== undefined);
  first.sizeBytes = mini.bytes().length;
  first.start = first.sizeBytes === 0 ? END : regular.add(mini.bytes());
  const miniFat = padded(toBytes(mini.next), SECTOR_BYTES, 0xff);
  const miniFatStart = miniFat.length === 0 ? END : regular.add(miniFat);
  const directoryStart = regular.add(writeDirectory(entries));
  const difat = addTables(regular);
  return Buffer.concat([
    writeHeader({ difat, directoryStart, miniFatStart, miniFatSectors: miniFat.length / SECTOR_BYTES }),
    regular.bytes(),
  ]);
}

interface Entry {
  readonly name: string;
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly classId: Uint8Array;
  readonly metadata: EntryMetadata | undefined;
  sizeBytes: number;
  start: number;
  left: number;
  right: number;
  child: number;
  isRed: boolean;
}

function newEntry(name: string, type: number, content: Uint8Array | StorageContent): Entry {
  assert(name.length > 0 && name.length <= 31, "a name has 1 to 31 UTF-16 units");
  const bytes = content instanceof Uint8Array ? content : Buffer.alloc(0);
  const storage = content instanceof Uint8Array ? undefined : content;
  return {
    name,
    type,
    bytes,
    classId: storage?.classId ?? Buffer.alloc(16),
    metadata: storage?.metadata,
    sizeBytes: bytes.length,
    // [MS-CFB] §2.6.1: 0 for a storage; a stream's chain that is empty has no beginning.
    start: storage === undefined ? END : 0,
    left: FREE,
    right: FREE,
    child: FREE,
    isRed: false,
  };
}

function addChildren(entries: Entry[], parent: number, children: readonly CompoundChild[]): void {
  const first = entries.length;
  const sorted = children.toSorted((a, b) => compareNames(a.name, b.name));
  for (const { name, content, metadata } of sorted) {
    const entry = newEntry(name, content instanceof Uint8Array ? 2 : 1, content);
    entries.push(metadata === undefined ? entry : { ...entry, metadata });
  }
  const deepest = Math.floor(Math.log2(Math.max(1, sorted.length)));
  const link = (low: number, high: number, depth: number): number => {
    if (low >= high) return FREE;
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    assert(entry !== undefined);
    entry.left = link(low, middle, depth + 1);
    entry.right = link(middle + 1, high, depth + 1);
    entry.isRed = depth > 0 && depth === deepest;
    return middle;
  };
  const owner = entries[parent];
  assert(owner !== undefined);
  owner.child = link(first, first + sorted.length, 0);
  for (const [index, { content }] of sorted.entries()) {
    if (!(content instanceof Uint8Array)) addChildren(entries, first + index, content.children);
  }
}

/** [MS-CFB] §2.6.4: the shorter name first, then by upper-cased units. */
function compareNames(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  const [first, second] = [a.toUpperCase(), b.toUpperCase()];
  return first < second ? -1 : first > second ? 1 : 0;
}

function writeDirectory(entries: readonly Entry[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((entries.length * ENTRY_BYTES) / SECTOR_BYTES) * SECTOR_BYTES);
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) bytes.fill(0xff, at + 68, at + 80);
  for (const [index, entry] of entries.entries()) {
    const at = index * ENTRY_BYTES;
    bytes.write(entry.name, at, "utf16le");
    bytes.writeUInt16LE((entry.name.length + 1) * 2, at + 64);
    bytes.writeUInt8(entry.type, at + 66);
    bytes.writeUInt8(entry.isRed ? 0 : 1, at + 67);
    bytes.writeUInt32LE(entry.left, at + 68);
    bytes.writeUInt32LE(entry.right, at + 72);
    bytes.writeUInt32LE(entry.child, at + 76);
    bytes.set(entry.classId, at + 80);
    if (entry.metadata !== undefined) {
      bytes.set(entry.metadata.stateBits, at + 96);
      bytes.set(entry.metadata.createdAt, at + 100);
      bytes.set(entry.metadata.modifiedAt, at + 108);
    }
    bytes.writeUInt32LE(entry.start, at + 116);
    bytes.writeUInt32LE(entry.sizeBytes, at + 120);
  }
  return bytes;
}

/** Sectors in a row, with the table that chains them. */
class Sectors {
  readonly next: number[] = [];
  readonly #pieces: Buffer[] = [];
  readonly #sectorBytes: number;

  constructor(sectorBytes: number) {
    this.#sectorBytes = sectorBytes;
  }

  /** @returns the first sector of the chain */
  add(bytes: Uint8Array): number {
    const start = this.next.length;
    const whole = padded(bytes, this.#sectorBytes, 0);
    const count = whole.length / this.#sectorBytes;
    for (let index = 1; index < count; index += 1) this.next.push(start + index);
    this.next.push(END);
    this.#pieces.push(whole);
    return start;
  }

  addMarked(bytes: Buffer, mark: number): void {
    this.#pieces.push(bytes);
    for (let at = 0; at < bytes.length; at += this.#sectorBytes) this.next.push(mark);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

interface Difat {
  /** Sectors of the FAT. */
  readonly fat: readonly number[];
  readonly difatStart: number;
  readonly difatSectors: number;
}

/** Appends the FAT, which describes itself as well, and the DIFAT when the header has no room for all of it. */
function addTables(regular: Sectors): Difat {
  const used = regular.next.length;
  let fatSectors = 0;
  let difatSectors = 0;
  while (fatSectors * NUMBERS_PER_SECTOR < used + fatSectors + difatSectors) {
    fatSectors += 1;
    difatSectors = Math.ceil(Math.max(0, fatSectors - HEADER_DIFAT_ENTRIES) / (NUMBERS_PER_SECTOR - 1));
  }
  const fat = Array.from({ length: fatSectors }, (_, index) => used + index);
  const difatStart = used + fatSectors;
  const marks = [
    ...new Array<number>(fatSectors).fill(FAT_MARK),
    ...new Array<number>(difatSectors).fill(DIFAT_MARK),
  ];
  regular.addMarked(padded(toBytes([...regular.next, ...marks]), SECTOR_BYTES, 0xff), FAT_MARK);
  const rest = fat.slice(HEADER_DIFAT_ENTRIES);
  for (let index = 0; index < difatSectors; index += 1) {
    const numbers = rest.slice(index * (NUMBERS_PER_SECTOR - 1), (index + 1) * (NUMBERS_PER_SECTOR - 1));
    while (numbers.length < NUMBERS_PER_SECTOR - 1) numbers.push(FREE);
    numbers.push(index + 1 < difatSectors ? difatStart + index + 1 : END);
    regular.addMarked(toBytes(numbers), DIFAT_MARK);
  }
  return { fat, difatStart: difatSectors === 0 ? END : difatStart, difatSectors };
}

interface HeaderFields {
  readonly difat: Difat;
  readonly directoryStart: number;
  readonly miniFatStart: number;
  readonly miniFatSectors: number;
}

function writeHeader({ difat, directoryStart, miniFatStart, miniFatSectors }: HeaderFields): Buffer {
  const header = Buffer.alloc(SECTOR_BYTES);
  header.write("d0cf11e0a1b11ae1", "hex");
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const) {
    header.writeUInt16LE(value, at);
  }
  header.writeUInt32LE(difat.fat.length, 44);
  header.writeUInt32LE(directoryStart, 48);
  header.writeUInt32LE(MINI_CUTOFF_BYTES, 56);
  header.writeUInt32LE(miniFatStart, 60);
  header.writeUInt32LE(miniFatSectors, 64);
  header.writeUInt32LE(difat.difatStart, 68);
  header.writeUInt32LE(difat.difatSectors, 72);
  header.fill(0xff, 76);
  for (const [index, sector] of difat.fat.slice(0, HEADER_DIFAT_ENTRIES).entries()) {
    header.writeUInt32LE(sector, 76 + index * 4);
  }
  return header;
}

function toBytes(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4);
  return bytes;
}

function padded(bytes: Uint8Array, multiple: number, filler: number): Buffer {
  const whole = Buffer.alloc(Math.ceil(bytes.length / multiple) * multiple, filler);
  whole.set(bytes);
  return whole;
}
