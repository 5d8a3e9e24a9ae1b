/**
 * A whole ELF image made in code: segments, sections and dynamic tables as a linker lays them out, for 64-bit
 * little-endian processors. Nothing in it does anything.
 * @module
 */

import { Writer } from "../word.fixture.ts";

const WIDTH = { wide: true, littleEndian: true } as const;
const BASE = 0x40_0000;
const HEADER_BYTES = 64;
const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;
const PAGE_BYTES = 0x1000;

export interface ElfImage {
  /** 2 a program at a fixed address, 3 a library. */
  readonly type?: number;
  readonly code?: Buffer;
  readonly buildId?: string;
  readonly loader?: string;
  readonly needed?: readonly string[];
  /** DT_RUNPATH. */
  readonly searchPath?: string;
  readonly imports?: readonly string[];
  readonly weakImports?: readonly string[];
  readonly exports?: readonly string[];
  /** Offered functions that a resolver chooses. */
  readonly resolved?: readonly string[];
  /** How many constructors there are, all at the start of the code. */
  readonly initialisers?: number;
  readonly comment?: string;
  /** One more loaded segment, readable, writable and executable, which no section names. */
  readonly hidden?: Buffer;
  /** Without section headers, as packers leave files. */
  readonly isStripped?: boolean;
  readonly overlay?: Buffer;
}

interface Piece {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly bytes: Buffer;
  readonly link?: number;
  offset: number;
}

const TYPE = { bits: 1, strings: 3, rela: 4, hash: 5, dynamic: 6, note: 7, symbols: 11, initialisers: 14 };
const ALLOCATED = 2;

/** @returns the file; equal shapes give equal bytes */
export function buildElfImage(image: ElfImage): Buffer {
  const names = new NameTable();
  const symbols = buildSymbols(image, names);
  const tags = (image.needed ?? []).map((name): [number, number] => [1, names.add(name)]);
  if (image.searchPath !== undefined) tags.push([29, names.add(image.searchPath)]);
  const count = image.initialisers ?? 0;
  const piece = (name: string, type: number, flags: number, bytes: Buffer): Piece => ({
    name,
    type,
    flags,
    bytes,
    offset: 0,
  });
  const pieces = {
    loader: piece(".interp", TYPE.bits, ALLOCATED, Buffer.from(image.loader ? `${image.loader}\0` : "")),
    note: piece(".note.gnu.build-id", TYPE.note, ALLOCATED, buildNote(image.buildId)),
    hash: piece(
      ".hash",
      TYPE.hash,
      ALLOCATED,
      new Writer(WIDTH).word(1, symbols.length / 24, 0).pieces.reduce(join),
    ),
    symbols: piece(".dynsym", TYPE.symbols, ALLOCATED, symbols),
    names: piece(".dynstr", TYPE.strings, ALLOCATED, names.bytes()),
    relocations: piece(".rela.dyn", TYPE.rela, ALLOCATED, Buffer.alloc(count * 24)),
    code: piece(".text", TYPE.bits, ALLOCATED | 4, image.code ?? Buffer.alloc(64, 0x90)),
    initialisers: piece(".init_array", TYPE.initialisers, ALLOCATED | 1, Buffer.alloc(count * 8)),
    dynamic: piece(".dynamic", TYPE.dynamic, ALLOCATED | 1, Buffer.alloc((tags.length + 11) * 16)),
    hidden: piece("", 0, 7, image.hidden ?? Buffer.alloc(0)),
    comment: piece(".comment", TYPE.bits, 0, Buffer.from(image.comment ? `${image.comment}\0` : "")),
  };
  const loadedEnd = place(pieces);
  const at = (one: Piece): number => BASE + one.offset;
  for (let index = 0; index < count; index += 1) {
    // R_X86_64_RELATIVE: the address stands in the relocation, and nothing at its target.
    const row = pieces.relocations.bytes.subarray(index * 24);
    row.writeBigUInt64LE(BigInt(at(pieces.initialisers) + index * 8), 0);
    row.writeUInt32LE(8, 8);
    row.writeBigInt64LE(BigInt(at(pieces.code)), 16);
  }
  const dynamic: [number, number][] = [
    ...tags,
    [4, at(pieces.hash)],
    [5, at(pieces.names)],
    [6, at(pieces.symbols)],
    [10, pieces.names.bytes.length],
    [11, 24],
    [7, at(pieces.relocations)],
    [8, pieces.relocations.bytes.length],
    [9, 24],
    ...(count === 0
      ? []
      : ([
          [25, at(pieces.initialisers)],
          [27, count * 8],
        ] as [number, number][])),
  ];
  for (const [index, [tag, value]] of dynamic.entries()) {
    pieces.dynamic.bytes.writeBigUInt64LE(BigInt(tag), index * 16);
    pieces.dynamic.bytes.writeBigUInt64LE(BigInt(value), index * 16 + 8);
  }
  return assemble(image, pieces, loadedEnd);
}

type Pieces = Readonly<Record<"loader" | "note" | "code" | "dynamic" | "hidden" | "comment", Piece>> &
  Readonly<Record<string, Piece>>;

/** Each piece behind the other; what is writable, and what is hidden, on pages of its own. */
function place(pieces: Pieces): number {
  let end = HEADER_BYTES + 6 * SEGMENT_BYTES;
  let loadedEnd = end;
  for (const piece of Object.values(pieces)) {
    if (piece.bytes.length === 0) continue;
    const isNewSegment = piece === pieces.code || piece.name === ".init_array" || piece === pieces.hidden;
    const step =
      isNewSegment || (piece === pieces.dynamic && pieces.initialisers?.bytes.length === 0) ? PAGE_BYTES : 8;
    piece.offset = Math.ceil(end / step) * step;
    end = piece.offset + piece.bytes.length;
    if (piece !== pieces.hidden && piece !== pieces.comment) loadedEnd = end;
  }
  return loadedEnd;
}

function assemble(image: ElfImage, pieces: Pieces, loadedEnd: number): Buffer {
  const present = Object.values(pieces).filter(({ bytes }) => bytes.length > 0);
  const dataAt = pieces.initialisers?.bytes.length ? pieces.initialisers.offset : pieces.dynamic.offset;
  const segments: [number, number, number, number][] = [
    [1, 4, 0, endOf(present.filter(({ offset }) => offset < pieces.code.offset))],
    [1, 5, pieces.code.offset, pieces.code.bytes.length],
    [1, 6, dataAt, loadedEnd - dataAt],
    [2, 6, pieces.dynamic.offset, pieces.dynamic.bytes.length],
  ];
  if (pieces.loader.bytes.length > 0) segments.push([3, 4, pieces.loader.offset, pieces.loader.bytes.length]);
  else if (pieces.note.bytes.length > 0) segments.push([4, 4, pieces.note.offset, pieces.note.bytes.length]);
  if (pieces.hidden.bytes.length > 0) segments.push([1, 7, pieces.hidden.offset, pieces.hidden.bytes.length]);
  const sectionNames = new NameTable();
  const listed = present.filter((piece) => piece !== pieces.hidden);
  const offsets = listed.map(({ name }) => sectionNames.add(name));
  const namesAt = endOf(present);
  const ownName = sectionNames.add(".shstrtab");
  const tableAt = Math.ceil((namesAt + sectionNames.bytes().length) / 8) * 8;
  const file = Buffer.alloc(image.isStripped ? namesAt : tableAt + (listed.length + 2) * SECTION_BYTES);
  writeHeader(file, image, {
    entry: BASE + pieces.code.offset,
    segments: segments.length,
    tableAt,
    sections: listed.length + 2,
  });
  for (const [index, [type, flags, offset, size]] of segments.entries())
    file.set(
      new Writer(WIDTH)
        .word(type, flags)
        .address(offset, BASE + offset, BASE + offset, size, size, type === 1 ? PAGE_BYTES : 4)
        .pieces.reduce(join),
      HEADER_BYTES + index * SEGMENT_BYTES,
    );
  for (const { bytes, offset } of present) file.set(bytes, offset);
  if (!image.isStripped) {
    file.set(sectionNames.bytes(), namesAt);
    const section = (index: number, row: readonly number[]): void => {
      const [name = 0, type = 0, flags = 0, offset = 0, size = 0, isMapped = 0] = row;
      file.set(
        new Writer(WIDTH)
          .word(name, type)
          .address(flags, isMapped ? BASE + offset : 0, offset, size)
          .word(0, 0)
          .address(8, 0)
          .pieces.reduce(join),
        tableAt + index * SECTION_BYTES,
      );
    };
    for (const [index, { type, flags, offset, bytes }] of listed.entries())
      section(index + 1, [offsets[index] ?? 0, type, flags, offset, bytes.length, flags & ALLOCATED]);
    section(listed.length + 1, [ownName, TYPE.strings, 0, namesAt, sectionNames.bytes().length]);
  }
  return Buffer.concat([file, image.overlay ?? Buffer.alloc(0)]);
}

function writeHeader(
  file: Buffer,
  image: ElfImage,
  counts: { entry: number; segments: number; tableAt: number; sections: number },
): void {
  const header = new Writer(WIDTH).bytes(Buffer.from("7f454c46020101000000000000000000", "hex"));
  header
    .half(image.type ?? 3)
    .half(62)
    .word(1)
    .address(counts.entry, HEADER_BYTES);
  header
    .address(image.isStripped ? 0 : counts.tableAt)
    .word(0)
    .half(HEADER_BYTES)
    .half(SEGMENT_BYTES);
  header
    .half(counts.segments)
    .half(SECTION_BYTES)
    .half(image.isStripped ? 0 : counts.sections);
  header.half(image.isStripped ? 0 : counts.sections - 1);
  file.set(header.pieces.reduce(join), 0);
}

/** Imports first, as linkers sort them. */
function buildSymbols(image: ElfImage, names: NameTable): Buffer {
  const rows = new Writer(WIDTH).bytes(Buffer.alloc(24));
  const row = (name: string, info: number, section: number): void => {
    rows
      .word(names.add(name))
      .bytes(Buffer.from([info, 0]))
      .half(section)
      .address(section === 0 ? 0 : BASE + PAGE_BYTES, 8);
  };
  for (const name of image.imports ?? []) row(name, 0x12, 0);
  for (const name of image.weakImports ?? []) row(name, 0x22, 0);
  for (const name of image.exports ?? []) row(name, 0x12, 1);
  for (const name of image.resolved ?? []) row(name, 0x1a, 1);
  return rows.pieces.reduce(join);
}

function buildNote(buildId: string | undefined): Buffer {
  if (buildId === undefined) return Buffer.alloc(0);
  const bytes = Buffer.from(buildId, "hex");
  return new Writer(WIDTH)
    .word(4, bytes.length, 3)
    .bytes(Buffer.from("GNU\0"))
    .bytes(bytes)
    .pieces.reduce(join);
}

class NameTable {
  #text = "\0";

  add(name: string): number {
    const offset = this.#text.length;
    this.#text += `${name}\0`;
    return offset;
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, "latin1");
  }
}

const endOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((end, { offset, bytes }) => Math.max(end, offset + bytes.length), HEADER_BYTES);
const join = (one: Buffer, other: Buffer): Buffer => Buffer.concat([one, other]);
