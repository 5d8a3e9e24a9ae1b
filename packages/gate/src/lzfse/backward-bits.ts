/** Bits read from the end of a stretch of bytes to its beginning. Source: Apple, lzfse 1.0, `lzfse_fse.h`. @module */

import { damaged } from "./output.ts";

export class BackwardBits {
  /** With room behind, so that four bytes can be read anywhere. */
  readonly #bytes: Buffer;
  #position: number;

  /** @param spare - minus the number of bits of the last byte that are not used, from -7 to 0 */
  constructor(payload: Buffer, spare: number) {
    this.#bytes = Buffer.concat([payload, Buffer.alloc(4)]);
    this.#position = payload.length * 8 + spare;
    const last = payload.at(-1) ?? 0;
    if (this.#position < 0 || last >> (8 + spare) !== 0) throw damaged("bits are set behind the data");
  }

  /** @param count - at most 24 */
  pull(count: number): number {
    this.#position -= count;
    if (this.#position < 0) throw damaged("its data is too short");
    if (count === 0) return 0;
    const bytes = this.#bytes;
    const at = this.#position >> 3;
    // Four bytes by hand: this is done for every symbol, and a call costs more than it.
    const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const word = low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    return (word >>> (this.#position & 7)) & ((1 << count) - 1);
  }
}
