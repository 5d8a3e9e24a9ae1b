/** Writes headers of either width and byte order, for tests of ELF and Mach-O. @module */

export interface Width {
  readonly wide: boolean;
  readonly littleEndian: boolean;
}
export const WIDTHS: readonly Width[] = [
  { wide: true, littleEndian: true },
  { wide: true, littleEndian: false },
  { wide: false, littleEndian: true },
  { wide: false, littleEndian: false },
];

/** Writes numbers of the file's width and byte order one behind another. */
export class Writer {
  readonly #width: Width;
  readonly pieces: Buffer[] = [];

  constructor(width: Width) {
    this.#width = width;
  }

  get lengthBytes(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  half(value: number): this {
    return this.#push(2, value);
  }

  word(...values: number[]): this {
    for (const value of values) this.#push(4, value);
    return this;
  }

  address(...values: number[]): this {
    for (const value of values) {
      if (!this.#width.wide) this.#push(4, value);
      else if (this.#width.littleEndian) this.word(value % 2 ** 32, Math.floor(value / 2 ** 32));
      else this.word(Math.floor(value / 2 ** 32), value % 2 ** 32);
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    this.pieces.push(Buffer.from(value));
    return this;
  }

  #push(sizeBytes: number, value: number): this {
    const piece = Buffer.alloc(sizeBytes);
    if (this.#width.littleEndian) piece.writeUIntLE(value, 0, sizeBytes);
    else piece.writeUIntBE(value, 0, sizeBytes);
    return this.bytes(piece);
  }
}
