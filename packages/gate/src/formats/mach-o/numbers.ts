/** Numbers of seven bits a byte, the lowest first (ULEB128). Source: DWARF 4, section 7.6. @module */

/** Reads forward through bytes that a hostile file may have cut anywhere: past the end everything is 0. */
export class ByteReader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  /** Inexact above 2^53. */
  number(): number {
    let [value, factor] = [0, 1];
    for (let count = 0; count < 10; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) break;
    }
    return value;
  }

  /** Up to the next zero, which is passed over. */
  text(): string {
    const found = this.#bytes.indexOf(0, this.at);
    const end = found < 0 ? this.#bytes.length : found;
    const text = this.#bytes.toString("utf8", this.at, Math.min(end, this.at + MAX_TEXT_BYTES));
    this.at = end + 1;
    return text;
  }
}

const MAX_TEXT_BYTES = 1024;
