/**
 * The symbols a program takes from other libraries, and those it offers. Their number stands nowhere: the loader finds
 * them through hash tables and relocations, and so does this.
 * Source: System V gABI, chapter 4 "Symbol Table", chapter 5 "Hash Table"; the GNU linker's DT_GNU_HASH.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { type Dynamic, TAG } from "./dynamic.ts";
import type { ElfHeaders } from "./headers.ts";
import type { Memory } from "./memory.ts";

export interface ElfSymbol {
  readonly name: string;
  /** STT_*: 2 function, 10 a function that a resolver chooses at start (IFUNC). */
  readonly kind: number;
  /** Undefined section: it is taken from another library. */
  readonly isImported: boolean;
  /** May be missing when it is imported. */
  readonly isWeak: boolean;
  /** Visible to other libraries. */
  readonly isOffered: boolean;
  readonly address: number;
}

export const RESOLVED_FUNCTION = 10;

interface Places {
  readonly headers: ElfHeaders;
  readonly dynamic: Dynamic;
  readonly memory: Memory;
}

const MAX_SYMBOLS = 1_000_000;
/** One long name may be given to a million symbols. */
const MAX_NAME_CHARACTERS = 32 * 1024 * 1024;
const MAX_BUCKETS = 4_000_000;
const PIECE_ROWS = 8192;
const SYMBOL_TABLE = 11;
/** STB_WEAK. */
const WEAK = 2;

/**
 * @param used - the highest index that a relocation names
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export async function readSymbols(
  source: ByteSource,
  places: Places,
  { used, budget }: { used: number; budget: Budget },
): Promise<{ symbols: ElfSymbol[]; isCut: boolean }> {
  const { dynamic, memory, headers } = places;
  const address = dynamic.value(TAG.symbolTable);
  const offsetBytes = address === undefined ? undefined : memory.offsetOf(address);
  if (offsetBytes === undefined || offsetBytes >= source.sizeBytes) return { symbols: [], isCut: false };
  const rowBytes = headers.words.wide ? 24 : 16;
  const claimed = Math.max(
    used + 1,
    await countByHash(source, places),
    await countByGnuHash(source, places, budget),
    countBySection(headers, offsetBytes, rowBytes),
  );
  const count = Math.min(claimed, MAX_SYMBOLS, Math.floor((source.sizeBytes - offsetBytes) / rowBytes));
  const symbols: ElfSymbol[] = [];
  let characters = 0;
  for (let first = 1; first < count; first += PIECE_ROWS) {
    budget.checkTime();
    const pieceBytes = Math.min(PIECE_ROWS, count - first) * rowBytes;
    const bytes = await readExactly(source, offsetBytes + first * rowBytes, pieceBytes, "ELF: symbols");
    for (let at = 0; at < pieceBytes; at += rowBytes) {
      const symbol = readSymbol(bytes.subarray(at, at + rowBytes), places);
      characters += symbol.name.length;
      symbols.push(symbol);
    }
    if (characters > MAX_NAME_CHARACTERS) return { symbols, isCut: true };
  }
  return { symbols, isCut: claimed > MAX_SYMBOLS };
}

function readSymbol(row: Buffer, { headers: { words }, dynamic }: Places): ElfSymbol {
  const [info, other, section] = words.wide ? [4, 5, 6] : [12, 13, 14];
  const binding = row.readUInt8(info) >>> 4;
  const visibility = row.readUInt8(other) & 3;
  const isImported = words.half(row, section) === 0;
  return {
    name: dynamic.names.at(words.word(row, 0)),
    kind: row.readUInt8(info) & 0xf,
    isImported,
    isWeak: binding === WEAK,
    isOffered: !isImported && binding !== 0 && (visibility === 0 || visibility === 3),
    address: words.address(row, words.wide ? 8 : 4),
  };
}

/** A program's own section headers count too: they only add. */
function countBySection({ sections }: ElfHeaders, offsetBytes: number, rowBytes: number): number {
  const section = sections.find(
    (candidate) => candidate.type === SYMBOL_TABLE && candidate.offsetBytes === offsetBytes,
  );
  return section === undefined ? 0 : Math.floor(section.sizeBytes / rowBytes);
}

/** DT_HASH: the number of chains is the number of symbols. */
async function countByHash(source: ByteSource, { dynamic, memory, headers }: Places): Promise<number> {
  const address = dynamic.value(TAG.hash);
  const offset = address === undefined ? undefined : memory.offsetOf(address);
  if (offset === undefined || offset + 8 > source.sizeBytes) return 0;
  return headers.words.word(await readExactly(source, offset, 8, "ELF: hash table"), 4);
}

/** DT_GNU_HASH: buckets name the first symbol of each chain, and a chain ends with an odd hash. */
async function countByGnuHash(source: ByteSource, places: Places, budget: Budget): Promise<number> {
  const { dynamic, memory, headers } = places;
  const address = dynamic.value(TAG.gnuHash);
  const offset = address === undefined ? undefined : memory.offsetOf(address);
  if (offset === undefined || offset + 16 > source.sizeBytes) return 0;
  const { words } = headers;
  const header = await readExactly(source, offset, 16, "ELF: hash table");
  const [buckets, firstHashed, filters] = [0, 4, 8].map((at) => words.word(header, at)) as [
    number,
    number,
    number,
  ];
  const bucketsAt = offset + 16 + filters * (words.wide ? 8 : 4);
  if (buckets > MAX_BUCKETS || bucketsAt + buckets * 4 > source.sizeBytes) return firstHashed;
  const table = await readExactly(source, bucketsAt, buckets * 4, "ELF: hash table");
  let last = 0;
  for (let at = 0; at < table.length; at += 4) last = Math.max(last, words.word(table, at));
  if (last < firstHashed) return firstHashed;
  return endOfChain(source, { words, at: bucketsAt + (buckets - firstHashed) * 4, last, budget });
}

interface Chain {
  readonly words: ElfHeaders["words"];
  /** Where the chain value of symbol 0 would stand. */
  readonly at: number;
  readonly last: number;
  readonly budget: Budget;
}

/** @returns the number of symbols up to the end of the chain that begins at the last bucket */
async function endOfChain(source: ByteSource, { words, at, last, budget }: Chain): Promise<number> {
  const stepBytes = PIECE_ROWS * 4;
  for (let index = last; index < MAX_SYMBOLS; index += PIECE_ROWS) {
    budget.checkTime();
    const start = at + index * 4;
    if (start + 4 > source.sizeBytes) return index;
    const bytes = await readExactly(
      source,
      start,
      Math.min(stepBytes, source.sizeBytes - start),
      "ELF: hash",
    );
    for (let row = 0; row + 4 <= bytes.length; row += 4)
      if (words.word(bytes, row) % 2 === 1) return index + row / 4 + 1;
  }
  return MAX_SYMBOLS;
}
