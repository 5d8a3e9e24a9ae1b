/**
 * Imports as the loader binds them: from chained fixups of newer files, or from the opcodes of older ones. The symbol table
 * says the same in honest files, and may be missing or lie in others.
 * Source: Apple, mach-o/loader.h, `dyld_info_command`, BIND_*; mach-o/fixup-chains.h.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { ByteReader } from "./numbers.ts";

export interface Binding {
  /** As in the symbol table: `_open`. */
  readonly name: string;
  /** Of the library, from 1; 0 the file itself, negative: BIND_SPECIAL_DYLIB_*. */
  readonly library: number;
  /** May be missing. */
  readonly isWeak: boolean;
}

const MAX_BINDINGS = 400_000;
const MAX_NAME_CHARACTERS = 32 * 1024 * 1024;
/** How many opcodes are followed between two looks at the clock. */
const CLOCK_STEPS = 65_536;

/** Entries of the table of imports by DYLD_CHAINED_IMPORT, _ADDEND, _ADDEND64. */
const IMPORT_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 4],
  [2, 8],
  [3, 16],
]);

/** @param bytes - what LC_DYLD_CHAINED_FIXUPS points at; little-endian on every system that has it */
export function readChainedBindings(bytes: Buffer): readonly Binding[] {
  if (bytes.length < 28) return [];
  const [imports, symbols, count, format] = [8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
  const rowBytes = IMPORT_BYTES.get(format ?? 0);
  if (imports === undefined || symbols === undefined || count === undefined || rowBytes === undefined)
    return [];
  const bindings: Binding[] = [];
  const end = Math.min(bytes.length, imports + Math.min(count, MAX_BINDINGS) * rowBytes);
  let characters = 0;
  for (let at = imports; at + rowBytes <= end && characters <= MAX_NAME_CHARACTERS; at += rowBytes) {
    const first = bytes.readUInt32LE(at);
    const isWide = rowBytes === 16;
    const library = isWide ? (first << 16) >> 16 : (first << 24) >> 24;
    const offset = isWide ? bytes.readUInt32LE(at + 4) : first >>> 9;
    const name = new ByteReader(bytes, symbols + offset).text();
    characters += name.length;
    bindings.push({ name, library, isWeak: (isWide ? (first >>> 16) & 1 : (first >>> 8) & 1) === 1 });
  }
  return bindings;
}

/** BIND_OPCODE_*: the upper four bits. */
const OPCODE = {
  ordinal: 0x10,
  ordinalNumber: 0x20,
  special: 0x30,
  symbol: 0x40,
  addend: 0x60,
  place: 0x70,
  move: 0x80,
  bindAndMove: 0xa0,
  bindTimes: 0xc0,
  threaded: 0xd0,
} as const;
const WEAK_IMPORT = 1;

/**
 * @param bytes - one of the three tables of opcodes of LC_DYLD_INFO
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export function readBindings(bytes: Buffer, budget: Budget): readonly Binding[] {
  const reader = new ByteReader(bytes);
  const bindings: Binding[] = [];
  let library = 0;
  for (let step = 0; !reader.isAtEnd && bindings.length < MAX_BINDINGS; step += 1) {
    if (step % CLOCK_STEPS === 0) budget.checkTime();
    const byte = reader.byte();
    const low = byte & 0x0f;
    switch (byte & 0xf0) {
      case OPCODE.ordinal:
        library = low;
        break;
      case OPCODE.ordinalNumber:
        library = reader.number();
        break;
      case OPCODE.special:
        library = low === 0 ? 0 : low - 16;
        break;
      case OPCODE.symbol:
        bindings.push({ name: reader.text(), library, isWeak: (low & WEAK_IMPORT) !== 0 });
        break;
      default:
        passOperands(reader, byte);
    }
  }
  return bindings;
}

function passOperands(reader: ByteReader, byte: number): void {
  switch (byte & 0xf0) {
    case OPCODE.addend:
    case OPCODE.place:
    case OPCODE.move:
    case OPCODE.bindAndMove:
      reader.number();
      break;
    case OPCODE.bindTimes:
      reader.number();
      reader.number();
      break;
    case OPCODE.threaded:
      if ((byte & 0x0f) === 0) reader.number();
      break;
    default:
  }
}

/** DYLD_CHAINED_PTR_* of each segment, in the order of the segments; 0 for one without fixups. */
export function readPointerFormats(bytes: Buffer): readonly number[] {
  if (bytes.length < 28) return [];
  const starts = bytes.readUInt32LE(4);
  if (starts + 4 > bytes.length) return [];
  const count = Math.min(bytes.readUInt32LE(starts), Math.floor((bytes.length - starts - 4) / 4));
  return Array.from({ length: count }, (_, index) => {
    const offset = bytes.readUInt32LE(starts + 4 + index * 4);
    const at = starts + offset + 6;
    return offset === 0 || at + 2 > bytes.length ? 0 : bytes.readUInt16LE(at);
  });
}
