/**
 * Tables of names: zero-ended texts that others point into. Source: System V gABI, chapter 4 "String Table"; Apple, mach-o/nlist.h.
 * @module
 */

const MAX_NAME_BYTES = 1024;

export class Names {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** @returns empty when there is no name at the offset; a long one is cut */
  at(offset: number): string {
    if (offset >= this.#bytes.length) return "";
    const piece = this.#bytes.subarray(offset, offset + MAX_NAME_BYTES);
    const end = piece.indexOf(0);
    return piece.toString("utf8", 0, end < 0 ? piece.length : end);
  }
}
