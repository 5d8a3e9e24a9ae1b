/**
 * The prefix codes of a bzip2 block. Source: the bzip2 1.0.8 sources (decompress.c, huffman.c), which define the
 * format; J. Tsai, "BZIP2: Format Specification" describes it.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { BitInput } from "./bit-input.ts";

const LONGEST_CODE_BITS = 20;
/** Codes up to this length are looked up at once. */
const TABLE_BITS = 10;

export class PrefixCode {
  /** Symbol times 32 plus length; 0 for longer codes. */
  readonly #table = new Uint16Array(1 << TABLE_BITS);
  /** By length: first code, how many there are, and the first's place in the order. */
  readonly #first = new Int32Array(LONGEST_CODE_BITS + 2);
  readonly #count = new Int32Array(LONGEST_CODE_BITS + 2);
  readonly #place = new Int32Array(LONGEST_CODE_BITS + 2);
  readonly #order: number[] = [];

  /** @param lengths - of each symbol's code */
  constructor(lengths: readonly number[]) {
    for (const length of lengths) this.#count[length] = (this.#count[length] as number) + 1;
    let code = 0;
    for (let length = 1; length <= LONGEST_CODE_BITS; length += 1) {
      this.#first[length] = code;
      this.#place[length] = this.#order.length;
      for (const [symbol, its] of lengths.entries()) {
        if (its !== length) continue;
        this.#order.push(symbol);
        // More codes than there is room for would be read differently by different decoders.
        if (code >= 2 ** length) throw damaged();
        if (length <= TABLE_BITS)
          this.#table.fill(
            symbol * 32 + length,
            code << (TABLE_BITS - length),
            (code + 1) << (TABLE_BITS - length),
          );
        code += 1;
      }
      code *= 2;
    }
  }

  /** @returns -1 for a code that stands for nothing */
  read(input: BitInput): number {
    const entry = this.#table[input.peek(TABLE_BITS)] as number;
    if (entry !== 0) {
      input.drop(entry & 31);
      return entry >> 5;
    }
    for (let length = TABLE_BITS + 1; length <= LONGEST_CODE_BITS; length += 1) {
      const at = input.peek(length) - (this.#first[length] as number);
      if (at < 0 || at >= (this.#count[length] as number)) continue;
      input.drop(length);
      return this.#order[(this.#place[length] as number) + at] ?? -1;
    }
    return -1;
  }
}

/** Each symbol's length is told by steps up and down from the one before. */
export function readPrefixCode(input: BitInput, symbols: number): PrefixCode {
  const lengths: number[] = [];
  let length = input.take(5);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE_BITS) throw damaged();
      if (input.take(1) === 0) break;
      length += input.take(1) === 0 ? 1 : -1;
    }
    lengths.push(length);
  }
  return new PrefixCode(lengths);
}

export const damaged = (): ArtifactError =>
  new ArtifactError("artifact.malformed", "bzip2: the data is damaged");
