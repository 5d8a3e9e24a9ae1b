/** Bits of deflated data, lowest first, with enough bytes held for a round of symbols. Source: RFC 1951 §3.1.1. @module */

import { ArtifactError } from "@sallyport/core";
import type { FrontReader } from "../formats/front-reader.ts";

/** More than a round takes: 4096 symbols of seven and a half bytes, or the tables in front of a block. */
const HELD_BYTES = 32 * 1024;

export class BitInput {
  readonly #reader: FrontReader;
  #held: Buffer = Buffer.alloc(0);
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(reader: FrontReader) {
    this.#reader = reader;
  }

  /** Call it before each round. */
  async fill(): Promise<void> {
    const left = this.#held.length - this.#at;
    if (left >= HELD_BYTES) return;
    const more = await this.#reader.upTo(4 * HELD_BYTES);
    if (more.length === 0) return;
    this.#held = left > 0 ? Buffer.concat([this.#held.subarray(this.#at), more]) : more;
    this.#at = 0;
  }

  /** @param count - at most 16. Beyond the end zeros come; {@link requireInput} finds out. */
  take(count: number): number {
    const value = this.peek(count);
    this.drop(count);
    return value;
  }

  peek(count: number): number {
    while (this.#count < count) {
      this.#bits |= (this.#held[this.#at] ?? 0) << this.#count;
      this.#at += 1;
      this.#count += 8;
    }
    return this.#bits & ((1 << count) - 1);
  }

  drop(count: number): void {
    this.#bits >>>= count;
    this.#count -= count;
  }

  /** To the next whole byte. */
  align(): void {
    this.drop(this.#count & 7);
  }

  /** @throws {@link ArtifactError} `artifact.truncated` when more was taken than there is */
  requireInput(): void {
    if (this.#at - (this.#count >> 3) > this.#held.length)
      throw new ArtifactError("artifact.truncated", "deflate: the data is cut short");
  }

  /** Gives whole bytes that were not taken back to the reader. */
  release(): void {
    this.#reader.unread(this.#held.subarray(this.#at - (this.#count >> 3)));
  }
}
