/** Bits of an LZX block: little-endian 16-bit words, highest bit first. Source: [MS-PATCH] §2.2 (bitstream). @module */

import { ArtifactError } from "@sallyport/core";

export class BitReader {
  readonly #bytes: Buffer;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Looks at the next `count` bits, at most 16; zeros stand in for what lies behind the end. */
  peek(count: number): number {
    while (this.#count < count) {
      const word =
        this.#at + 1 < this.#bytes.length
          ? (this.#bytes[this.#at] ?? 0) | ((this.#bytes[this.#at + 1] ?? 0) << 8)
          : 0;
      this.#bits = ((this.#bits << 16) | word) >>> 0;
      this.#count += 16;
      this.#at += 2;
    }
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** @throws {@link ArtifactError} `artifact.truncated` when bits behind the end were used */
  skip(count: number): void {
    this.#count -= count;
    this.#bits &= (1 << this.#count) - 1;
    if (this.#at - (this.#count >>> 4) * 2 > this.#bytes.length) {
      throw new ArtifactError("artifact.truncated", "cabinet: LZX data ends too early");
    }
  }

  /** Reads up to 16 bits. */
  read(count: number): number {
    if (count === 0) return 0;
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  /** Reads up to 32 bits. */
  readLong(count: number): number {
    if (count <= 16) return this.read(count);
    const high = this.read(count - 16);
    return high * 0x10000 + this.read(16);
  }

  /** Drops what is left of the current word. */
  align(): void {
    this.skip(this.#count % 16);
  }

  /** Drops bits up to the next word, a whole word where none was begun: [MS-PATCH] §2.4.3, uncompressed blocks. */
  alignForBytes(): void {
    if (this.#count % 16 === 0) this.read(16);
    else this.align();
    this.#rewind();
  }

  /** Copies bytes out, after {@link alignForBytes}. */
  readBytes(count: number): Buffer {
    this.#rewind();
    if (this.#at + count > this.#bytes.length) {
      throw new ArtifactError("artifact.truncated", "cabinet: LZX data ends too early");
    }
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  /** Bytes not looked at yet; whole words that were only looked at count. */
  get remainingBytes(): number {
    return this.#bytes.length - (this.#at - (this.#count >>> 4) * 2);
  }

  /** Gives whole words back that were looked at and not used. */
  #rewind(): void {
    this.#at -= (this.#count >>> 4) * 2;
    this.#count = 0;
    this.#bits = 0;
  }
}
