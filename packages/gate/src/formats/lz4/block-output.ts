/** What the blocks of a frame decode into: the block at hand behind as much history as a match may reach. @module */

import { ArtifactError } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { decodeBlock, HISTORY_BYTES } from "./block.ts";

export class BlockOutput {
  readonly #memory: Buffer;
  readonly #context: OpenContext;
  #historyBytes = 0;

  /** @throws {@link ArtifactError} `artifact.over-limit` when a block needs more memory than allowed */
  constructor(blockBytes: number, context: OpenContext) {
    const needed = HISTORY_BYTES + blockBytes;
    if (needed > context.maxHeldBytes)
      throw new ArtifactError(
        "artifact.over-limit",
        `lz4: a block needs ${needed} bytes at once, ${context.maxHeldBytes} are allowed`,
      );
    // Not cleared: no match reaches beyond what was written.
    this.#memory = Buffer.allocUnsafeSlow(needed);
    this.#context = context;
  }

  /** The next block does not look back. */
  forget(): void {
    this.#historyBytes = 0;
  }

  /** @returns a copy of the decoded block */
  decode(packed: Buffer): Buffer {
    // Room for one block only, however short the history is.
    const room = this.#memory.subarray(0, this.#historyBytes + this.#memory.length - HISTORY_BYTES);
    const end = decodeBlock(packed, room, this.#historyBytes);
    return this.#advance(end);
  }

  /** A block that is not compressed. */
  keep(plain: Buffer): Buffer {
    return this.#advance(this.#historyBytes + plain.copy(this.#memory, this.#historyBytes));
  }

  #advance(end: number): Buffer {
    this.#context.budget.spendBytes(end - this.#historyBytes);
    const piece = Buffer.from(this.#memory.subarray(this.#historyBytes, end));
    const kept = Math.min(end, HISTORY_BYTES);
    this.#memory.copyWithin(0, end - kept, end);
    this.#historyBytes = kept;
    return piece;
  }
}
