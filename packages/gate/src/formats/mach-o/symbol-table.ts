/**
 * The symbol table: names for linkers and debuggers, and for the loader of files without its own tables.
 * Source: Apple, mach-o/nlist.h; mach-o/loader.h, `symtab_command`.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { Names } from "../names.ts";
import type { MachHeaders } from "./headers.ts";

export interface TableSymbol {
  readonly name: string;
  readonly isImported: boolean;
  /** Of the library it is taken from, from 1. */
  readonly library: number;
  readonly isWeak: boolean;
}

const LC_SYMTAB = 0x02;
const STAB = 0xe0;
const TYPE = 0x0e;
const EXTERNAL = 0x01;
const PRIVATE_EXTERNAL = 0x10;
const WEAK_REFERENCE = 0x40;
const MAX_SYMBOLS = 2_000_000;
const MAX_NAMES_BYTES = 64 * 1024 * 1024;
/** One long name may be given to a million symbols. */
const MAX_NAME_CHARACTERS = 32 * 1024 * 1024;
const PIECE_ROWS = 8192;

/** Only external symbols, those of this file and those it takes. */
export async function readExternalSymbols(
  source: ByteSource,
  { commands, words }: MachHeaders,
  budget: Budget,
): Promise<readonly TableSymbol[]> {
  const command = commands.find(({ type }) => type === LC_SYMTAB)?.bytes;
  if (command === undefined || command.length < 24) return [];
  const [offset, count, namesAt, namesBytes] = [8, 12, 16, 20].map((at) => words.word(command, at)) as [
    number,
    number,
    number,
    number,
  ];
  const rowBytes = words.wide ? 16 : 12;
  if (namesAt >= source.sizeBytes || offset >= source.sizeBytes) return [];
  const heldBytes = Math.min(namesBytes, MAX_NAMES_BYTES, source.sizeBytes - namesAt);
  const names = new Names(await readExactly(source, namesAt, heldBytes, "Mach-O: symbol names"));
  const rows = Math.min(count, MAX_SYMBOLS, Math.floor((source.sizeBytes - offset) / rowBytes));
  const symbols: TableSymbol[] = [];
  let characters = 0;
  for (let first = 0; first < rows && characters <= MAX_NAME_CHARACTERS; first += PIECE_ROWS) {
    budget.checkTime();
    const pieceBytes = Math.min(PIECE_ROWS, rows - first) * rowBytes;
    const bytes = await readExactly(source, offset + first * rowBytes, pieceBytes, "Mach-O: symbols");
    for (let at = 0; at < pieceBytes; at += rowBytes) {
      const type = bytes.readUInt8(at + 4);
      if ((type & STAB) !== 0 || (type & EXTERNAL) === 0 || (type & PRIVATE_EXTERNAL) !== 0) continue;
      const description = words.half(bytes, at + 6);
      const name = names.at(words.word(bytes, at));
      characters += name.length;
      symbols.push({
        name,
        isImported: (type & TYPE) === 0,
        library: description >>> 8,
        isWeak: (description & WEAK_REFERENCE) !== 0,
      });
    }
  }
  return symbols;
}
