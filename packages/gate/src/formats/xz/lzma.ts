/**
 * The LZMA decoder, alone or inside LZMA2: adaptive binary range coder, literals, matches and repeated matches.
 * It decodes one chunk at a time and synchronously; its loops end with the chunk's output or input.
 * Source: Igor Pavlov, "LZMA specification" (lzma-specification.txt, LZMA SDK); names follow it.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Window } from "./window.ts";

/** Offsets of the models in one table. */
const IS_MATCH = 0;
const IS_REP = 192;
const IS_REP_G0 = 204;
const IS_REP_G1 = 216;
const IS_REP_G2 = 228;
const IS_REP0_LONG = 240;
const POS_SLOT = 432;
const POS_SPECIAL = 688;
const ALIGN = 816;
const LENGTH = 832;
const REP_LENGTH = 1346;
const LITERAL = 1860;
/** LZMA2 allows lc + lp up to 4; alone, lc goes up to 8 and lp to 4. */
const LZMA2_LITERAL_BITS = 4;
/** A distance that no history reaches: LZMA alone may end with it. */
const END_MARK = 0xffff_ffff;
/** One step takes less input than this. */
export const LONGEST_STEP_BYTES = 32;
/** One step brings at most this much output. */
export const LONGEST_MATCH_BYTES = 273;
/** Inside a length model: choice, choice2, low[16][8], mid[16][8], high[256]. */
const LOW = 2;
const MID = LOW + 128;
const HIGH = MID + 128;

const SIGN = 0x80000000 | 0;

export class LzmaDecoder {
  #models = new Uint16Array(LITERAL + (0x300 << LZMA2_LITERAL_BITS));
  readonly #window: Window;
  #isEnded = false;
  #lc = 0;
  #lpMask = 0;
  #pbMask = 0;
  #state = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;
  // Range and code are 32-bit numbers kept with a sign, which the engine holds without boxing.
  #range = 0;
  #code = 0;
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(window: Window) {
    this.#window = window;
  }

  /** @throws {@link ArtifactError} `artifact.malformed` for properties that LZMA2 does not allow */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw damaged();
    this.#lc = lc;
    this.#lpMask = (1 << lp) - 1;
    this.#pbMask = (1 << pb) - 1;
  }

  /**
   * For LZMA alone, before {@link start}.
   * @throws {@link ArtifactError} `artifact.malformed` for properties that nothing allows
   */
  setPropertiesAlone(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4) throw damaged();
    this.#lc = lc;
    this.#lpMask = (1 << lp) - 1;
    this.#pbMask = (1 << pb) - 1;
    this.#models = new Uint16Array(LITERAL + (0x300 << (lc + lp)));
  }

  /** Begins a stream of LZMA alone with the first five bytes of it. */
  start(input: Buffer): void {
    if (input.length < 5 || input[0] !== 0) throw damaged();
    this.resetState();
    this.#code = input.readInt32BE(1);
    this.#range = -1;
    this.#isEnded = false;
  }

  /** True after the end mark. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** True when what was read is all there was to say. */
  get isClean(): boolean {
    return this.#code === 0;
  }

  /**
   * Decodes on, until the window reaches `softEnd`, the end mark comes, or too little input is left for a step.
   * @param input - what follows the bytes that earlier calls took
   * @param isAll - nothing follows `input`: it is used to its last byte
   * @param hardEnd - the window may not be filled beyond
   * @returns how many bytes of `input` were taken
   * @throws {@link ArtifactError} `artifact.malformed`
   */
  decodeOn(
    input: Buffer,
    isAll: boolean,
    { softEnd, hardEnd }: { softEnd: number; hardEnd: number },
  ): number {
    this.#input = input;
    this.#at = 0;
    const last = isAll ? input.length : input.length - LONGEST_STEP_BYTES;
    while (this.#window.end < softEnd && this.#at <= last && !this.#isEnded) this.#step(hardEnd);
    // Zeros that stood in for missing input were used.
    if (this.#at > input.length) throw new ArtifactError("artifact.truncated", "lzma: the data is cut short");
    return this.#at;
  }

  resetState(): void {
    this.#models.fill(1024);
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
  }

  /**
   * Decodes a whole chunk into the window, which has room for it.
   * @throws {@link ArtifactError} `artifact.malformed` when input and output do not end together
   */
  decode(input: Buffer, sizeBytes: number): void {
    if (input.length < 5 || input[0] !== 0) throw damaged();
    this.#input = input;
    this.#code = input.readInt32BE(1);
    this.#range = -1;
    this.#at = 5;
    const end = this.#window.end + sizeBytes;
    while (this.#window.end < end && !this.#isEnded) this.#step(end);
    if (this.#isEnded || this.#at !== input.length || this.#code !== 0) throw damaged();
  }

  #step(end: number): void {
    const window = this.#window;
    const state = this.#state;
    const posState = window.position & this.#pbMask;
    if (this.#bit(IS_MATCH + (state << 4) + posState) === 0) {
      this.#literal();
      return;
    }
    let length: number;
    if (this.#bit(IS_REP + state) === 0) {
      this.#rep3 = this.#rep2;
      this.#rep2 = this.#rep1;
      this.#rep1 = this.#rep0;
      length = this.#length(LENGTH, posState);
      this.#state = state < 7 ? 7 : 10;
      this.#rep0 = this.#distance(length);
      if (this.#rep0 === END_MARK) {
        this.#isEnded = true;
        return;
      }
    } else {
      if (this.#chooseRep(state, posState)) {
        this.#state = state < 7 ? 9 : 11;
        length = 1;
      } else {
        length = this.#length(REP_LENGTH, posState);
        this.#state = state < 7 ? 8 : 11;
      }
    }
    if (length > end - window.end || this.#rep0 >= window.historyBytes) throw damaged();
    window.repeat(this.#rep0, length);
  }

  /** @returns true for a repeated match of one byte */
  #chooseRep(state: number, posState: number): boolean {
    if (this.#bit(IS_REP_G0 + state) === 0) return this.#bit(IS_REP0_LONG + (state << 4) + posState) === 0;
    let distance = this.#rep1;
    if (this.#bit(IS_REP_G1 + state) === 1) {
      if (this.#bit(IS_REP_G2 + state) === 0) distance = this.#rep2;
      else {
        distance = this.#rep3;
        this.#rep3 = this.#rep2;
      }
      this.#rep2 = this.#rep1;
    }
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
    return false;
  }

  #literal(): void {
    const window = this.#window;
    const context = ((window.position & this.#lpMask) << this.#lc) + (window.lastByte >> (8 - this.#lc));
    const models = LITERAL + 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      if (this.#rep0 >= window.historyBytes) throw damaged();
      let match = window.byteAt(this.#rep0);
      do {
        const matchBit = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(models + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      } while (symbol < 0x100);
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(models + symbol);
    window.append(symbol & 0xff);
    const state = this.#state;
    this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  }

  #length(models: number, posState: number): number {
    if (this.#bit(models) === 0) return 2 + this.#tree(models + LOW + (posState << 3), 3);
    if (this.#bit(models + 1) === 0) return 10 + this.#tree(models + MID + (posState << 3), 3);
    return 18 + this.#tree(models + HIGH, 8);
  }

  /** Zero is the byte before; the end mark of other LZMA streams is larger than any history. */
  #distance(length: number): number {
    const slot = this.#tree(POS_SLOT + (Math.min(length - 2, 3) << 6), 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return base + this.#reverseTree(POS_SPECIAL + base - slot - 1, bits);
    return base + this.#directBits(bits - 4) * 16 + this.#reverseTree(ALIGN, 4);
  }

  #tree(models: number, bits: number): number {
    let symbol = 1;
    for (let left = bits; left > 0; left -= 1) symbol = (symbol << 1) | this.#bit(models + symbol);
    return symbol - (1 << bits);
  }

  #reverseTree(models: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let at = 0; at < bits; at += 1) {
      const bit = this.#bit(models + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  #directBits(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; left -= 1) {
      this.#range >>>= 1;
      const rest = (this.#code - this.#range) | 0;
      const isSet = rest >= 0;
      if (isSet) this.#code = rest;
      value = (value << 1) | (isSet ? 1 : 0);
      this.#normalize();
    }
    return value >>> 0;
  }

  #bit(model: number): number {
    const probability = this.#models[model] as number;
    const bound = Math.imul(this.#range >>> 11, probability);
    let bit = 0;
    // Comparing with the sign turned over is comparing without sign.
    if ((this.#code ^ SIGN) < (bound ^ SIGN)) {
      this.#range = bound;
      this.#models[model] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range = (this.#range - bound) | 0;
      this.#code = (this.#code - bound) | 0;
      this.#models[model] = probability - (probability >> 5);
      bit = 1;
    }
    this.#normalize();
    return bit;
  }

  /** Beyond the input zeros are read; that the input was too short is seen at the chunk's end. */
  #normalize(): void {
    if ((this.#range & 0xff000000) !== 0) return;
    this.#range <<= 8;
    this.#code = (this.#code << 8) | (this.#input[this.#at] ?? 0);
    this.#at += 1;
  }
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "xz: the data is damaged");
