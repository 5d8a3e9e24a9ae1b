/** Prefix codes of deflate and Deflate64, and what their symbols stand for. Sources: RFC 1951 §3.2; zlib 1.3, contrib/infback9. @module */

import { ArtifactError } from "@sallyport/core";
import type { BitInput } from "./bit-input.ts";

const LONGEST_BITS = 15;

export class PrefixTable {
  /** By the next bits: `symbol << 4 | length`; 0 where no code begins so. */
  readonly #entries: Uint16Array;
  readonly #bits: number;

  /**
   * @param lengths - of each symbol's code, 0 for one that does not occur
   * @throws {@link ArtifactError} `artifact.malformed` when codes would overlap
   */
  constructor(lengths: Uint8Array) {
    const counts = new Uint16Array(LONGEST_BITS + 1);
    for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
    counts[0] = 0;
    const next = new Uint32Array(LONGEST_BITS + 2);
    for (let length = 1, code = 0; length <= LONGEST_BITS; length += 1) {
      next[length] = code;
      code += counts[length] ?? 0;
      // Codes that are missing are allowed: a block may use one distance only. They are refused when they are read.
      if (code > 1 << length) throw damaged();
      code <<= 1;
    }
    this.#bits = Math.max(
      1,
      counts.findLastIndex((count) => count > 0),
    );
    this.#entries = new Uint16Array(1 << this.#bits);
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue;
      const code = next[length] ?? 0;
      next[length] = code + 1;
      for (let at = reverse(code, length); at < this.#entries.length; at += 1 << length)
        this.#entries[at] = (symbol << 4) | length;
    }
  }

  read(input: BitInput): number {
    const entry = this.#entries[input.peek(this.#bits)] as number;
    if (entry === 0) throw damaged();
    input.drop(entry & 15);
    return entry >>> 4;
  }
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit += 1) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
  return reversed;
}

export interface Meaning {
  readonly base: number;
  readonly extraBits: number;
}

/** Bases follow each other without a gap; §3.2.5 gives the numbers of extra bits. */
function meanings(first: number, extraBits: readonly number[]): Meaning[] {
  let base = first;
  return extraBits.map((bits) => {
    const meaning = { base, extraBits: bits };
    base += 1 << bits;
    return meaning;
  });
}

const each = (times: number, highest: number): number[] =>
  Array.from({ length: highest }, (_, index) => Array.from({ length: times }, () => index + 1)).flat();

/** Of symbols from 257 on. The last, 285, is the length 258 that 284 could say as well. */
export const LENGTHS: readonly Meaning[] = [
  ...meanings(3, [...Array.from({ length: 8 }, () => 0), ...each(4, 5)]),
  { base: 258, extraBits: 0 },
];
export const DISTANCES: readonly Meaning[] = meanings(1, [0, 0, 0, 0, ...each(2, 13)]);
/** In Deflate64 the last says any length. */
export const LENGTHS_64: readonly Meaning[] = [...LENGTHS.slice(0, -1), { base: 3, extraBits: 16 }];
export const DISTANCES_64: readonly Meaning[] = meanings(1, [0, 0, 0, 0, ...each(2, 14)]);

export const CODE_LENGTH_ORDER: readonly number[] = [
  16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

const fixedLengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
export const FIXED_LITERALS = new PrefixTable(fixedLengths);
export const FIXED_DISTANCES = new PrefixTable(new Uint8Array(32).fill(5));

function damaged(): ArtifactError {
  return new ArtifactError("artifact.malformed", "deflate: a prefix code is damaged");
}
