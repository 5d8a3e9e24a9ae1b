/**
 * The kinds of deflate that node:zlib cannot read. Sources: RFC 1951; NSIS 3.08, Source/zlib/INFLATE.C, and zlib 1.3,
 * contrib/infback9, for the differences.
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { FrontReader } from "../formats/front-reader.ts";
import { BitInput } from "./bit-input.ts";
import {
  CODE_LENGTH_ORDER,
  DISTANCES,
  DISTANCES_64,
  FIXED_DISTANCES,
  FIXED_LITERALS,
  LENGTHS,
  LENGTHS_64,
  type Meaning,
  PrefixTable,
} from "./prefix-table.ts";

export interface DeflateKind {
  readonly windowBytes: number;
  readonly longestMatchBytes: number;
  readonly lengths: readonly Meaning[];
  readonly distances: readonly Meaning[];
  /** The length of a stored block must be followed by its complement (RFC 1951 §3.2.4); where not, it may be. */
  readonly needsComplement: boolean;
}

/**
 * As NSIS stubs read it, without the complement. A makensis that was built with an ordinary zlib, as Debian's, writes
 * it all the same.
 */
export const NSIS_DEFLATE: DeflateKind = {
  windowBytes: 32 * 1024,
  longestMatchBytes: 258,
  lengths: LENGTHS,
  distances: DISTANCES,
  needsComplement: false,
};

/** PKWARE's "enhanced deflating": Windows packs so what is larger than 2 GiB. */
export const DEFLATE64: DeflateKind = {
  windowBytes: 64 * 1024,
  longestMatchBytes: 3 + 0xffff,
  lengths: LENGTHS_64,
  distances: DISTANCES_64,
  needsComplement: true,
};

/** Room for what one round of symbols can bring. */
const ROOM_BYTES = 1024 * 1024;
/** A symbol with all its extra bits takes seven and a half bytes at most. */
const SYMBOLS_IN_A_ROUND = 4096;
const END_OF_BLOCK = 256;

const BLOCK = { stored: 0, fixed: 1, dynamic: 2 } as const;

/**
 * Unpacks up to the end that the data itself marks; what follows goes back to the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function* inflate(
  reader: FrontReader,
  budget: Budget,
  kind: DeflateKind,
): AsyncGenerator<Buffer> {
  const input = new BitInput(reader);
  const output = new Output(kind);
  for (let isLast = false; !isLast; ) {
    await input.fill();
    isLast = input.take(1) === 1;
    const block = input.take(2);
    if (block === BLOCK.stored) yield* copyStored(input, output, budget);
    else if (block === BLOCK.fixed)
      yield* decode(input, { literals: FIXED_LITERALS, distances: FIXED_DISTANCES }, { output, budget });
    else if (block === BLOCK.dynamic) yield* decode(input, readTables(input), { output, budget });
    else throw damaged();
  }
  input.release();
}

async function* copyStored(input: BitInput, output: Output, budget: Budget): AsyncGenerator<Buffer> {
  input.align();
  let left = input.take(16);
  if (input.peek(16) === (~left & 0xffff)) input.drop(16);
  else if (output.kind.needsComplement) throw damaged();
  input.requireInput();
  while (left > 0) {
    await input.fill();
    const count = Math.min(left, SYMBOLS_IN_A_ROUND);
    for (let done = 0; done < count; done += 1) output.append(input.take(8));
    left -= count;
    input.requireInput();
    yield output.release(budget);
  }
}

interface Tables {
  readonly literals: PrefixTable;
  readonly distances: PrefixTable;
}

async function* decode(
  input: BitInput,
  tables: Tables,
  { output, budget }: { output: Output; budget: Budget },
): AsyncGenerator<Buffer> {
  for (let isOver = false; !isOver; ) {
    await input.fill();
    isOver = decodeRound(input, tables, output);
    input.requireInput();
    yield output.release(budget);
  }
}

/** @returns true at the block's end */
function decodeRound(input: BitInput, { literals, distances }: Tables, output: Output): boolean {
  for (let left = SYMBOLS_IN_A_ROUND; left > 0 && !output.isFull; left -= 1) {
    const symbol = literals.read(input);
    if (symbol < END_OF_BLOCK) {
      output.append(symbol);
      continue;
    }
    if (symbol === END_OF_BLOCK) return true;
    const length = output.kind.lengths[symbol - END_OF_BLOCK - 1];
    if (length === undefined) throw damaged();
    const lengthBytes = length.base + input.take(length.extraBits);
    const distance = output.kind.distances[distances.read(input)];
    if (distance === undefined) throw damaged();
    output.repeat(distance.base + input.take(distance.extraBits), lengthBytes);
  }
  return false;
}

/** RFC 1951 §3.2.7. */
function readTables(input: BitInput): Tables {
  const literalCount = input.take(5) + 257;
  const distanceCount = input.take(5) + 1;
  const lengthCount = input.take(4) + 4;
  if (literalCount > 286) throw damaged();
  const codeLengths = new Uint8Array(19);
  for (const place of CODE_LENGTH_ORDER.slice(0, lengthCount)) codeLengths[place] = input.take(3);
  const lengths = readLengths(input, new PrefixTable(codeLengths), literalCount + distanceCount);
  if (lengths[END_OF_BLOCK] === 0) throw damaged();
  return {
    literals: new PrefixTable(lengths.subarray(0, literalCount)),
    distances: new PrefixTable(lengths.subarray(literalCount)),
  };
}

function readLengths(input: BitInput, code: PrefixTable, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const symbol = code.read(input);
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
      continue;
    }
    if (symbol === 16 && at === 0) throw damaged();
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + input.take(2) : symbol === 17 ? 3 + input.take(3) : 11 + input.take(7);
    if (at + times > count) throw damaged();
    lengths.fill(value, at, at + times);
    at += times;
  }
  return lengths;
}

/** The window, and what was not handed out yet. */
class Output {
  readonly kind: DeflateKind;
  readonly #bytes: Buffer;
  #end = 0;
  #released = 0;

  constructor(kind: DeflateKind) {
    this.kind = kind;
    this.#bytes = Buffer.allocUnsafeSlow(kind.windowBytes + ROOM_BYTES + kind.longestMatchBytes);
  }

  get isFull(): boolean {
    return this.#end >= this.kind.windowBytes + ROOM_BYTES;
  }

  append(byte: number): void {
    this.#bytes[this.#end++] = byte;
  }

  /** Byte by byte, because a match may overlap what it writes. */
  repeat(distance: number, length: number): void {
    if (distance > this.#end) throw damaged();
    const bytes = this.#bytes;
    let to = this.#end;
    for (let from = to - distance, end = to + length; to < end; ) bytes[to++] = bytes[from++] as number;
    this.#end = to;
  }

  release(budget: Budget): Buffer {
    const fresh = Buffer.from(this.#bytes.subarray(this.#released, this.#end));
    budget.spendBytes(fresh.length);
    const { windowBytes } = this.kind;
    if (this.#end > 2 * windowBytes) {
      this.#bytes.copyWithin(0, this.#end - windowBytes, this.#end);
      this.#end = windowBytes;
    }
    this.#released = this.#end;
    return fresh;
  }
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "deflate: the data is damaged");
