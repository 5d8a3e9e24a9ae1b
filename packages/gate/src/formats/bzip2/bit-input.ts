/** Bits of a bzip2 file, highest first, with enough bytes held that one block can be decoded at once. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";

/** 900,000 symbols of 20 bits and the tables in front of them. No block of a decent writer comes near it. */
export const LARGEST_BLOCK_BYTES = 2_500_000;

export class BitInput {
  readonly #reader: FrontReader;
  #held: Buffer = Buffer.alloc(0);
  #at = 0;
  #bits = 0;
  #bitCount = 0;
  #isAtEnd = false;

  constructor(reader: FrontReader) {
    this.#reader = reader;
  }

  /** Call it before each block, and before what stands between blocks. */
  async fill(budget: Budget): Promise<void> {
    budget.checkTime();
    if (this.#isAtEnd || this.#held.length - this.#at >= LARGEST_BLOCK_BYTES) return;
    const pieces = [this.#held.subarray(this.#at)];
    let length = this.#held.length - this.#at;
    // Twice as much, so that bytes are moved twice at most; what already lies in one piece is not moved.
    while (length < (pieces.length === 2 && pieces[0]?.length === 0 ? 1 : 2) * LARGEST_BLOCK_BYTES) {
      const piece = await this.#reader.piece();
      if (piece === undefined) {
        this.#isAtEnd = true;
        break;
      }
      pieces.push(piece);
      length += piece.length;
    }
    const [before, only] = pieces;
    this.#held = before?.length === 0 && only && pieces.length === 2 ? only : Buffer.concat(pieces);
    this.#at = 0;
  }

  /** @param count - at most 24. Beyond the end zeros come; {@link requireInput} finds out. */
  take(count: number): number {
    const value = this.peek(count);
    this.#bitCount -= count;
    return value;
  }

  peek(count: number): number {
    while (this.#bitCount < count) {
      this.#bits = (this.#bits << 8) | (this.#held[this.#at] ?? 0);
      this.#at += 1;
      this.#bitCount += 8;
    }
    return (this.#bits >>> (this.#bitCount - count)) & ((1 << count) - 1);
  }

  drop(count: number): void {
    this.#bitCount -= count;
  }

  take32(): number {
    return ((this.take(16) << 16) | this.take(16)) >>> 0;
  }

  /** True when more was taken than there is. */
  get isOverrun(): boolean {
    return this.#at - (this.#bitCount >> 3) > this.#held.length;
  }

  /** @throws {@link ArtifactError} `artifact.truncated`; `artifact.over-limit` for a block of absurd length */
  requireInput(): void {
    if (!this.isOverrun) return;
    if (this.#isAtEnd) throw new ArtifactError("artifact.truncated", "bzip2: the data is cut short");
    throw new ArtifactError(
      "artifact.over-limit",
      `bzip2: a block needs more than ${LARGEST_BLOCK_BYTES} bytes at once`,
    );
  }

  /** Gives all whole bytes that were not taken back to the reader. */
  release(): void {
    const unread = this.#at - (this.#bitCount >> 3);
    this.#reader.unread(this.#held.subarray(unread));
    this.#held = Buffer.alloc(0);
    this.#at = 0;
    this.#bitCount = 0;
    this.#isAtEnd = false;
  }
}
