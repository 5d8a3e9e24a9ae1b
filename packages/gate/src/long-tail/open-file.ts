/** The one file that the program may read, through a window so that small reads cost nothing. @module */

import type { ByteSource } from "@sallyport/core";

const WINDOW_BYTES = 256 * 1024;
/** A read may answer with less than was asked for. */
const LONGEST_READ_BYTES = 8 * 1024 * 1024;

export class OpenFile {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowOffset = 0;
  #position = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** @param whence - 0 from the start, 1 from here, 2 from the end */
  seek(offset: number, whence: number): number | undefined {
    const base = [0, this.#position, this.#source.sizeBytes][whence];
    const position = base === undefined ? -1 : base + offset;
    if (!Number.isSafeInteger(position) || position < 0) return undefined;
    this.#position = position;
    return position;
  }

  /** Fills `target` as far as there are bytes. @returns how many; a promise only when they must be fetched */
  readInto(target: Uint8Array): number | Promise<number> {
    const inWindow = this.#position - this.#windowOffset;
    const leftBytes = this.#source.sizeBytes - this.#position;
    const length = Math.max(0, Math.min(target.length, leftBytes, LONGEST_READ_BYTES));
    if (length === 0) return 0;
    if (inWindow < 0 || inWindow + length > this.#window.length) return this.#fetch(target, length);
    target.set(this.#window.subarray(inWindow, inWindow + length));
    this.#position += length;
    return length;
  }

  async #fetch(target: Uint8Array, length: number): Promise<number> {
    const bytes = await this.#source.read(this.#position, Math.max(length, WINDOW_BYTES));
    if (bytes.length < length) return 0;
    target.set(bytes.subarray(0, length));
    this.#window = bytes;
    this.#windowOffset = this.#position;
    this.#position += length;
    return length;
  }
}
