/**
 * A member's bytes on their one way from front to back: whoever takes them, they are counted and hashed here,
 * and what a reader leaves over can still be drained.
 * @module
 */

import { createHash } from "node:crypto";
import type { Budget } from "@sallyport/core";
import { type Glimpse, HEAD_BYTES, TAIL_BYTES } from "../formats/format.ts";

export class MemberStream {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #budget: Budget;
  readonly #hash = createHash("sha256");
  readonly #pending: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #ended = false;
  #sizeBytes = 0;

  constructor(bytes: AsyncIterable<Uint8Array>, budget: Budget) {
    this.#iterator = bytes[Symbol.asyncIterator]();
    this.#budget = budget;
  }

  /** Bytes that came by so far. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** True once everything came by, looked at ahead of time or taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The first bytes, which stay to be taken. */
  async peek(): Promise<Buffer> {
    let held = 0;
    while (held < HEAD_BYTES) {
      const chunk = await this.#pull();
      if (chunk === undefined) break;
      this.#pending.push(Buffer.from(chunk));
      held += chunk.length;
    }
    return joinPieces(this.#pending).subarray(0, HEAD_BYTES);
  }

  /** The next piece, undefined at the end. It may be overwritten when the one after it is asked for. */
  async next(): Promise<Uint8Array | undefined> {
    const piece = this.#pending.shift() ?? (await this.#pull());
    if (piece !== undefined) this.#keepTail(piece);
    return piece;
  }

  /** The next piece, to be kept: what was looked at ahead of time is a copy already. For readers that need no tail. */
  async take(): Promise<Buffer | undefined> {
    const held = this.#pending.shift();
    if (held !== undefined) return held;
    const piece = await this.#pull();
    return piece && Buffer.from(piece);
  }

  /** For a reader that may stop early: stopping does not close the stream. */
  view(): AsyncIterable<Uint8Array> {
    const next = async (): Promise<IteratorResult<Uint8Array>> => {
      const value = await this.next();
      return value === undefined ? { done: true, value } : { done: false, value };
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  /** Takes what is left, for the hash. */
  async drain(): Promise<void> {
    while ((await this.next()) !== undefined);
  }

  /** Frees whatever stands behind the stream. */
  async close(): Promise<void> {
    if (!this.#ended) await this.#iterator.return?.();
  }

  /** SHA-256 of everything, hex. Once, at the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /** What the member looked like, after the end, when all of it came by {@link next}. */
  glimpse(head: Buffer): Glimpse {
    return { head, tail: this.#tail.subarray(-TAIL_BYTES), sizeBytes: this.#sizeBytes };
  }

  async #pull(): Promise<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    const before = this.#budget.spent.bytes;
    const result = await this.#iterator.next();
    if (result.done === true) {
      this.#ended = true;
      return undefined;
    }
    // Decompressors count before they keep; whatever no one below has counted is counted here.
    const uncounted = result.value.length - (this.#budget.spent.bytes - before);
    if (uncounted > 0) this.#budget.spendBytes(uncounted);
    this.#hash.update(result.value);
    this.#sizeBytes += result.value.length;
    return result.value;
  }

  #keepTail(chunk: Uint8Array): void {
    const whole =
      chunk.length >= TAIL_BYTES ? [chunk.subarray(-TAIL_BYTES)] : [this.#tail.subarray(-TAIL_BYTES), chunk];
    this.#tail = Buffer.concat(whole);
  }
}

/** One piece needs no copy: nobody writes into it. */
export const joinPieces = (pieces: readonly Buffer[]): Buffer => {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
};
