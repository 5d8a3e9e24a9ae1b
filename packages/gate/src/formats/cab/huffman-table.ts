/** Canonical Huffman codes of LZX, up to 16 bits. Source: [MS-PATCH] §2.5 (Huffman trees). @module */

import { ArtifactError } from "@sallyport/core";
import type { BitReader } from "./bit-reader.ts";

const LONGEST_CODE_BITS = 16;

export class HuffmanTable {
  /** Per code length: the first code, the number of codes, and the first symbol's place in `symbols`. */
  readonly #first = new Uint32Array(LONGEST_CODE_BITS + 1);
  readonly #counts = new Uint32Array(LONGEST_CODE_BITS + 1);
  readonly #places = new Uint32Array(LONGEST_CODE_BITS + 1);
  readonly #symbols: Uint16Array;
  /** Short codes at once: `symbol << 4 | length` by the next bits; 0 where the code is longer. */
  readonly #quick: Uint32Array;
  readonly #quickBits: number;

  /**
   * @param lengths - code length of each symbol; 0 for one that does not occur
   * @throws {@link ArtifactError} `artifact.malformed` when the lengths are no complete code
   */
  constructor(lengths: Uint8Array, quickBits: number) {
    for (const length of lengths) if (length > 0) this.#counts[length] = (this.#counts[length] ?? 0) + 1;
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST_CODE_BITS; length += 1) {
      code <<= 1;
      this.#first[length] = code;
      this.#places[length] = place;
      code += this.#counts[length] ?? 0;
      place += this.#counts[length] ?? 0;
      if (code > 1 << length) refuse();
    }
    // An empty tree is allowed where no symbol of it is used; anything between empty and complete is not.
    if (place > 0 && code !== 1 << LONGEST_CODE_BITS) refuse();
    this.#quickBits = quickBits;
    this.#quick = new Uint32Array(1 << quickBits);
    this.#fill(lengths);
  }

  /** Reads one symbol. */
  read(bits: BitReader): number {
    const quick = this.#quick[bits.peek(this.#quickBits)] ?? 0;
    if (quick !== 0) {
      bits.skip(quick & 0x0f);
      return quick >>> 4;
    }
    const ahead = bits.peek(LONGEST_CODE_BITS);
    for (let length = this.#quickBits + 1; length <= LONGEST_CODE_BITS; length += 1) {
      const index = (ahead >>> (LONGEST_CODE_BITS - length)) - (this.#first[length] ?? 0);
      if (index < 0 || index >= (this.#counts[length] ?? 0)) continue;
      bits.skip(length);
      return this.#symbols[(this.#places[length] ?? 0) + index] ?? 0;
    }
    refuse();
  }

  #fill(lengths: Uint8Array): void {
    const next = this.#places.slice();
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue;
      const place = next[length] ?? 0;
      next[length] = place + 1;
      this.#symbols[place] = symbol;
      if (length > this.#quickBits) continue;
      const code = (this.#first[length] ?? 0) + place - (this.#places[length] ?? 0);
      const shift = this.#quickBits - length;
      this.#quick.fill((symbol << 4) | length, code << shift, (code + 1) << shift);
    }
  }
}

function refuse(): never {
  throw new ArtifactError("artifact.malformed", "cabinet: an LZX code table is damaged");
}
