/**
 * A whole Mach-O image made in code: segments, sections, load commands, symbols and exports as a linker lays them out, for
 * 64-bit processors. Nothing in it does anything.
 * @module
 */

import { Writer } from "../word.fixture.ts";
import { ARM64 } from "./mach-o.fixture.ts";

const WIDTH = { wide: true, littleEndian: true } as const;
const BASE = 0x1_0000_0000;
const PAGE_BYTES = 0x4000;

export interface MachImage {
  readonly cpu?: { readonly type: number; readonly subtype: number };
  /** MH_*: 2 a program, 6 a library. */
  readonly fileType?: number;
  readonly code?: Buffer;
  readonly uuid?: string;
  readonly libraries?: readonly string[];
  /** LC_LOAD_WEAK_DYLIB. */
  readonly weakLibraries?: readonly string[];
  readonly searchPaths?: readonly string[];
  /** Names, and the ordinal of their library, from 1. */
  readonly imports?: readonly (readonly [name: string, library: number])[];
  readonly exports?: readonly string[];
  /** How many constructors there are, all at the start of the code. */
  readonly initialisers?: number;
  /** Constructors as offsets in `__init_offsets`, as newer linkers write them. */
  readonly hasOffsets?: boolean;
  /** Packed least version of macOS. */
  readonly leastVersion?: number;
  readonly overlay?: Buffer;
}

/** @returns the slice; equal shapes give equal bytes */
export function buildMachImage(image: MachImage): Buffer {
  const code = image.code ?? Buffer.alloc(64, 0xd5);
  const count = image.initialisers ?? 0;
  const pointers = new Writer(WIDTH);
  const codeAt = PAGE_BYTES - Math.ceil(code.length / 16) * 16;
  for (let index = 0; index < count; index += 1)
    if (image.hasOffsets) pointers.word(codeAt);
    else pointers.address(BASE + codeAt);
  const data = Buffer.concat(pointers.pieces);
  const link = buildLinkEdit(image);
  const linkAt = 2 * PAGE_BYTES;
  const commands = [
    segment("__PAGEZERO", { at: 0, address: 0, memoryBytes: BASE, fileBytes: 0, protection: 0 }),
    segment(
      "__TEXT",
      { at: 0, address: BASE, memoryBytes: PAGE_BYTES, fileBytes: PAGE_BYTES, protection: 5 },
      [
        { name: "__text", at: codeAt, sizeBytes: code.length, flags: 0x8000_0400 },
        ...(image.hasOffsets
          ? [{ name: "__init_offsets", at: PAGE_BYTES, sizeBytes: data.length, flags: 0x16 }]
          : []),
      ],
    ),
    segment(
      "__DATA",
      {
        at: PAGE_BYTES,
        address: BASE + PAGE_BYTES,
        memoryBytes: PAGE_BYTES,
        fileBytes: PAGE_BYTES,
        protection: 3,
      },
      image.hasOffsets || count === 0
        ? []
        : [{ name: "__mod_init_func", at: PAGE_BYTES, sizeBytes: data.length, flags: 9 }],
    ),
    segment("__LINKEDIT", {
      at: linkAt,
      address: BASE + linkAt,
      memoryBytes: PAGE_BYTES,
      fileBytes: link.bytes.length,
      protection: 1,
    }),
    new Writer(WIDTH).word(2, 24, linkAt, link.symbols, linkAt + link.symbols * 16, link.nameBytes),
    new Writer(WIDTH).word(0x8000_0033, 16, linkAt + link.exportsAt, link.bytes.length - link.exportsAt),
    ...(image.libraries ?? ["/usr/lib/libSystem.B.dylib"]).map((name) => library(0x0c, name)),
    ...(image.weakLibraries ?? []).map((name) => library(0x8000_0018, name)),
    ...(image.searchPaths ?? []).map(searchPath),
    ...(image.uuid === undefined
      ? []
      : [new Writer(WIDTH).word(0x1b, 24).bytes(Buffer.from(image.uuid, "hex"))]),
    new Writer(WIDTH).word(0x32, 32, 1, image.leastVersion ?? 0x000b_0000, 0x000d_0000, 1, 3, 0x03fd_0100),
    ...((image.fileType ?? 6) === 2 ? [new Writer(WIDTH).word(0x8000_0028, 24).address(codeAt, 0)] : []),
  ].map(({ pieces }) => Buffer.concat(pieces));
  const { type, subtype } = image.cpu ?? ARM64;
  const header = new Writer(WIDTH).word(0xfeedfacf, type, subtype, image.fileType ?? 6, commands.length);
  header.word(Buffer.concat(commands).length, 0x85, 0);
  const file = Buffer.alloc(linkAt + link.bytes.length);
  file.set(Buffer.concat([...header.pieces, ...commands]), 0);
  file.set(code, codeAt);
  file.set(data, PAGE_BYTES);
  file.set(link.bytes, linkAt);
  return Buffer.concat([file, image.overlay ?? Buffer.alloc(0)]);
}

interface SegmentPlace {
  readonly at: number;
  readonly address: number;
  readonly memoryBytes: number;
  readonly fileBytes: number;
  readonly protection: number;
}

interface SectionPlace {
  readonly name: string;
  readonly at: number;
  readonly sizeBytes: number;
  readonly flags: number;
}

function segment(name: string, place: SegmentPlace, sections: readonly SectionPlace[] = []): Writer {
  const { at, address, memoryBytes, fileBytes, protection } = place;
  const writer = new Writer(WIDTH).word(0x19, 72 + sections.length * 80).bytes(text(name, 16));
  writer.address(address, memoryBytes, at, fileBytes).word(protection, protection, sections.length, 0);
  for (const section of sections) {
    writer.bytes(text(section.name, 16)).bytes(text(name, 16));
    writer.address(BASE + section.at, section.sizeBytes).word(section.at, 4, 0, 0, section.flags, 0, 0, 0);
  }
  return writer;
}

function library(type: number, name: string): Writer {
  const sizeBytes = 24 + Math.ceil((name.length + 1) / 8) * 8;
  return new Writer(WIDTH).word(type, sizeBytes, 24, 2, 0x1_0000, 0x1_0000).bytes(text(name, sizeBytes - 24));
}

function searchPath(path: string): Writer {
  const sizeBytes = 12 + Math.ceil((path.length + 5) / 8) * 8 - 4;
  return new Writer(WIDTH).word(0x8000_001c, sizeBytes, 12).bytes(text(path, sizeBytes - 12));
}

/** Symbols, their names, and a tree of exports in which nothing shares a beginning. */
function buildLinkEdit(image: MachImage): {
  bytes: Buffer;
  symbols: number;
  nameBytes: number;
  exportsAt: number;
} {
  const symbols = new Writer(WIDTH);
  let names = "\0";
  for (const [name, ordinal] of image.imports ?? []) {
    symbols
      .word(names.length)
      .bytes(Buffer.from([0x01, 0]))
      .half(ordinal << 8)
      .address(0);
    names += `${name}\0`;
  }
  const table = Buffer.concat([Buffer.alloc(0), ...symbols.pieces]);
  const nameTable = Buffer.from(names.padEnd(Math.ceil(names.length / 8) * 8, "\0"));
  const exports = buildExports(image.exports ?? []);
  return {
    bytes: Buffer.concat([table, nameTable, exports]),
    symbols: (image.imports ?? []).length,
    nameBytes: nameTable.length,
    exportsAt: table.length + nameTable.length,
  };
}

/** Names below 100 bytes and few enough that every offset fits one byte or two. */
export function buildExports(names: readonly string[]): Buffer {
  if (names.length === 0) return Buffer.from([0, 0]);
  const edges = names.reduce((sum, name) => sum + name.length + 1 + 2, 2);
  const root = [Buffer.from([0, names.length])];
  for (const [index, name] of names.entries()) {
    const at = edges + index * 4;
    root.push(Buffer.from(`${name}\0`), Buffer.from([(at & 0x7f) | 0x80, at >>> 7]));
  }
  return Buffer.concat([...root, ...names.map(() => Buffer.from([2, 0, 1, 0]))]);
}

function text(value: string, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  bytes.write(value, "latin1");
  return bytes;
}
