/**
 * Tables of finite state entropy: each state stands for a value and tells how many bits lead to the next one.
 * Source: Apple, lzfse 1.0, `lzfse_fse.c`, `lzfse_decode_base.c`.
 * @module
 */

import type { BackwardBits } from "./backward-bits.ts";
import { damaged } from "./output.ts";

export interface SymbolKind {
  /** Extra bits of each symbol. */
  readonly bits: readonly number[];
  readonly base: readonly number[];
  /** A power of two. */
  readonly states: number;
}

export class StateTable {
  readonly #stateBits: Uint8Array;
  readonly #valueBits: Uint8Array;
  readonly #delta: Int16Array;
  readonly #base: Int32Array;
  #nextState = 0;

  constructor(states: number) {
    this.#stateBits = new Uint8Array(states);
    this.#valueBits = new Uint8Array(states);
    this.#delta = new Int16Array(states).fill(-1);
    this.#base = new Int32Array(states);
  }

  set(state: number, entry: { stateBits: number; delta: number; valueBits: number; base: number }): void {
    this.#stateBits[state] = entry.stateBits;
    this.#delta[state] = entry.delta;
    this.#valueBits[state] = entry.valueBits;
    this.#base[state] = entry.base;
  }

  /** The value of a state, its extra bits read; {@link nextState} follows from the bits before them. */
  valueAt(state: number, bits: BackwardBits): number {
    const delta = this.#delta[state] ?? -1;
    if (delta < 0) throw damaged("it reaches a state that no symbol has");
    const valueBits = this.#valueBits[state] ?? 0;
    const pulled = bits.pull((this.#stateBits[state] ?? 0) + valueBits);
    this.#nextState = delta + (pulled >> valueBits);
    return (this.#base[state] ?? 0) + (pulled & ((1 << valueBits) - 1));
  }

  get nextState(): number {
    return this.#nextState;
  }
}

/** @throws {@link ArtifactError} `artifact.malformed` when the frequencies are more than there are states */
export function buildStates(frequencies: readonly number[], kind: SymbolKind): StateTable {
  const { states, bits, base } = kind;
  const table = new StateTable(states);
  let state = 0;
  for (const [symbol, frequency] of frequencies.entries()) {
    if (frequency === 0) continue;
    if (state + frequency > states) throw damaged("frequencies that are more than there are states");
    const most = Math.clz32(frequency) - Math.clz32(states);
    const withMost = ((2 * states) >> most) - frequency;
    for (let index = 0; index < frequency; index += 1, state += 1) {
      const has = index < withMost;
      table.set(state, {
        stateBits: has ? most : most - 1,
        delta: has ? ((frequency + index) << most) - states : (index - withMost) << (most - 1),
        valueBits: bits[symbol] ?? 0,
        base: base[symbol] ?? 0,
      });
    }
  }
  return table;
}

/** Frequencies take 2 to 14 bits each, lowest bits first. By the lowest five: how many, and which value. */
const WIDTHS = [2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14];
const VALUES = [
  0, 2, 1, 4, 0, 3, 1, -1, 0, 2, 1, 5, 0, 3, 1, -1, 0, 2, 1, 6, 0, 3, 1, -1, 0, 2, 1, 7, 0, 3, 1, -1,
];

/**
 * @param sizes - how many frequencies belong together
 * @throws {@link ArtifactError} `artifact.malformed` when they do not fill `bytes`
 */
export function readFrequencies(bytes: Buffer, sizes: readonly number[]): number[][] {
  let held = 0;
  let heldBits = 0;
  let at = 0;
  const next = (): number => {
    while (heldBits <= 16 && at < bytes.length) {
      held |= (bytes[at] ?? 0) << heldBits;
      heldBits += 8;
      at += 1;
    }
    const width = WIDTHS[held & 15] ?? 0;
    if (width > heldBits) throw damaged("its frequencies are cut short");
    const wide = width === 8 ? 8 + ((held >> 4) & 15) : 24 + ((held >> 4) & 1023);
    const value = width > 5 ? wide : (VALUES[held & 31] ?? 0);
    held >>>= width;
    heldBits -= width;
    return value;
  };
  const tables = sizes.map((size) => Array.from({ length: size }, next));
  if (heldBits >= 8 || at !== bytes.length) throw damaged("bytes stand behind its frequencies");
  return tables;
}
