/**
 * LZX as cabinets use it. Source: [MS-PATCH] §2 (LZX DELTA, of which this is the part without a reference), [MS-CAB] §2.4.
 * One data block of a cabinet is one frame of 32 KiB; the window, the trees and a begun LZX block outlive it.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { BitReader } from "./bit-reader.ts";
import { HuffmanTable } from "./huffman-table.ts";
import { CallTranslation } from "./lzx-calls.ts";
import { BLOCK_BYTES } from "./mszip.ts";

const BLOCK = { verbatim: 1, aligned: 2, uncompressed: 3 } as const;
const SHORTEST_MATCH = 2;
const LENGTH_SYMBOLS = 249;
const PRETREE_SYMBOLS = 20;
/** [MS-PATCH] §2.3: position slots by window size, from 2^15 on. */
const POSITION_SLOTS: readonly number[] = [30, 32, 34, 36, 38, 42, 50];

/** Extra bits and base of each position slot. [MS-PATCH] §2.4.2. */
const EXTRA_BITS = Uint8Array.from({ length: 51 }, (_, slot) =>
  slot < 4 ? 0 : slot < 36 ? (slot >> 1) - 1 : 17,
);
const POSITION_BASE = new Uint32Array(EXTRA_BITS.length);
for (const [slot, extra] of EXTRA_BITS.subarray(0, -1).entries()) {
  POSITION_BASE[slot + 1] = (POSITION_BASE[slot] ?? 0) + 2 ** extra;
}

/** Unpacks the blocks of one folder, in their order. */
export class LzxDecoder {
  readonly #window: Buffer;
  readonly #mask: number;
  readonly #mainLengths: Uint8Array;
  readonly #lengthLengths = new Uint8Array(LENGTH_SYMBOLS);
  #main: HuffmanTable | undefined;
  #lengths: HuffmanTable | undefined;
  #aligned: HuffmanTable | undefined;
  #position = 0;
  #isWindowFull = false;
  #blockType = 0;
  #blockRest = 0;
  #padding = false;
  #recent: [number, number, number] = [1, 1, 1];
  #translation: CallTranslation | undefined;

  /** @param windowBits - 15 to 21; the window is the decoder's memory */
  constructor(windowBits: number) {
    this.#window = Buffer.alloc(2 ** windowBits);
    this.#mask = this.#window.length - 1;
    this.#mainLengths = new Uint8Array(256 + 8 * (POSITION_SLOTS[windowBits - 15] ?? 0));
  }

  /**
   * @param unpackedBytes - what the block claims to unpack to
   * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`; also when bytes follow the frame
   */
  decode(block: Buffer, unpackedBytes: number): Buffer {
    if (unpackedBytes > BLOCK_BYTES) refuse("a frame is longer than 32 KiB");
    const bits = new BitReader(block);
    this.#translation ??= CallTranslation.read(bits);
    const start = this.#position;
    // The window's size is a multiple of the frame's, and only the last frame is shorter: no frame wraps.
    if (start % BLOCK_BYTES !== 0) refuse("a frame follows one that was shorter than 32 KiB");
    let rest = unpackedBytes;
    while (rest > 0) {
      if (this.#blockRest === 0) this.#readBlockHeader(bits);
      const count = Math.min(rest, this.#blockRest);
      this.#decodeRun(bits, count);
      this.#blockRest -= count;
      rest -= count;
    }
    this.#finishFrame(bits);
    return this.#translation.translate(this.#window.subarray(start, start + unpackedBytes));
  }

  #finishFrame(bits: BitReader): void {
    if (this.#blockType === BLOCK.uncompressed) {
      if (this.#blockRest === 0 && this.#padding && bits.remainingBytes === 1) {
        bits.readBytes(1);
        this.#padding = false;
      }
    } else bits.align();
    if (bits.remainingBytes !== 0) refuse("bytes follow the data of an LZX block");
    if (this.#position < this.#window.length) return;
    this.#position = 0;
    this.#isWindowFull = true;
  }

  #decodeRun(bits: BitReader, count: number): void {
    if (this.#blockType === BLOCK.uncompressed) {
      bits.readBytes(count).copy(this.#window, this.#position);
      this.#position += count;
      return;
    }
    const main = this.#main ?? refuse("there is no code table");
    const window = this.#window;
    const end = this.#position + count;
    while (this.#position < end) {
      const symbol = main.read(bits);
      if (symbol < 256) {
        window[this.#position] = symbol;
        this.#position += 1;
      } else this.#copyMatch(bits, symbol - 256, end);
    }
  }

  /** [MS-PATCH] §2.4.2: a match is a length and how far back it lies. */
  #copyMatch(bits: BitReader, symbol: number, end: number): void {
    const shortLength = symbol & 7;
    const extra = shortLength === 7 ? (this.#lengths?.read(bits) ?? refuse("there is no code table")) : 0;
    const length = shortLength + extra + SHORTEST_MATCH;
    const distance = this.#readDistance(bits, symbol >>> 3);
    if (this.#position + length > end) refuse("a match crosses the end of a frame or block");
    const window = this.#window;
    const reach = this.#isWindowFull ? window.length : this.#position;
    if (distance === 0 || distance > reach) refuse("a match lies before the data");
    const mask = this.#mask;
    const stop = this.#position + length;
    for (let at = this.#position; at < stop; at += 1) window[at] = window[(at - distance) & mask] ?? 0;
    this.#position = stop;
  }

  #readDistance(bits: BitReader, slot: number): number {
    const [first, second, third] = this.#recent;
    if (slot === 0) return first;
    if (slot === 1) {
      this.#recent = [second, first, third];
      return second;
    }
    if (slot === 2) {
      this.#recent = [third, second, first];
      return third;
    }
    const extra = EXTRA_BITS[slot] ?? 0;
    const base = (POSITION_BASE[slot] ?? 0) - 2;
    let distance: number;
    if (this.#blockType === BLOCK.aligned && extra >= 3) {
      const high = bits.readLong(extra - 3) * 8;
      distance = base + high + (this.#aligned?.read(bits) ?? refuse("there is no code table"));
    } else distance = base + bits.readLong(extra);
    this.#recent = [distance, first, second];
    return distance;
  }

  /** [MS-PATCH] §2.4: type and length, then the trees of the block. */
  #readBlockHeader(bits: BitReader): void {
    if (this.#padding) {
      // An uncompressed block of odd length is followed by one byte, so that words stay words.
      bits.readBytes(1);
      this.#padding = false;
    }
    this.#blockType = bits.read(3);
    this.#blockRest = bits.readLong(24);
    if (this.#blockRest === 0) refuse("an LZX block is empty");
    if (this.#blockType === BLOCK.uncompressed) {
      bits.alignForBytes();
      const recent = bits.readBytes(12);
      this.#recent = [recent.readUInt32LE(0), recent.readUInt32LE(4), recent.readUInt32LE(8)];
      this.#padding = this.#blockRest % 2 === 1;
      return;
    }
    if (this.#blockType === BLOCK.aligned) {
      this.#aligned = new HuffmanTable(
        Uint8Array.from({ length: 8 }, () => bits.read(3)),
        7,
      );
    } else if (this.#blockType !== BLOCK.verbatim) refuse("an LZX block is of a type nobody defined");
    readLengths(bits, this.#mainLengths, 0, 256);
    readLengths(bits, this.#mainLengths, 256, this.#mainLengths.length);
    this.#main = new HuffmanTable(this.#mainLengths, 11);
    readLengths(bits, this.#lengthLengths, 0, LENGTH_SYMBOLS);
    this.#lengths = new HuffmanTable(this.#lengthLengths, 10);
  }
}

/** [MS-PATCH] §2.5: lengths are told as differences to the block before, in a code of their own. */
function readLengths(bits: BitReader, lengths: Uint8Array, start: number, end: number): void {
  const pretree = new HuffmanTable(
    Uint8Array.from({ length: PRETREE_SYMBOLS }, () => bits.read(4)),
    6,
  );
  const difference = (at: number, symbol: number): number => ((lengths[at] ?? 0) + 17 - symbol) % 17;
  for (let at = start; at < end; ) {
    const symbol = pretree.read(bits);
    let count = 1;
    let length = 0;
    if (symbol < 17) length = difference(at, symbol);
    else if (symbol === 17) count = bits.read(4) + 4;
    else if (symbol === 18) count = bits.read(5) + 20;
    else {
      count = bits.read(1) + 4;
      const repeated = pretree.read(bits);
      if (repeated > 16) refuse("a code length repeats no length");
      length = difference(at, repeated);
    }
    if (at + count > end) refuse("code lengths run over the end of their table");
    lengths.fill(length, at, at + count);
    at += count;
  }
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `cabinet: ${because}`);
}
