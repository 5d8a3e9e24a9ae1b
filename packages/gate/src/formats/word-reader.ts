/** Numbers out of headers that come in two widths and two byte orders: ELF, Mach-O. @module */

export class WordReader {
  readonly littleEndian: boolean;
  /** Addresses and offsets take 8 bytes instead of 4. */
  readonly wide: boolean;

  constructor({ littleEndian, wide }: { littleEndian: boolean; wide: boolean }) {
    this.littleEndian = littleEndian;
    this.wide = wide;
  }

  half(bytes: Buffer, offset: number): number {
    return this.littleEndian ? bytes.readUInt16LE(offset) : bytes.readUInt16BE(offset);
  }

  word(bytes: Buffer, offset: number): number {
    return this.littleEndian ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
  }

  /** Inexact above 2^53, which is past the end of every file: compare it, and let `readExactly` refuse it. */
  long(bytes: Buffer, offset: number): number {
    return Number(this.littleEndian ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset));
  }

  /** A `word` in narrow files, a `long` in wide ones. */
  address(bytes: Buffer, offset: number): number {
    return this.wide ? this.long(bytes, offset) : this.word(bytes, offset);
  }
}
