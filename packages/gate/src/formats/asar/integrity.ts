/** Compares a file with the hashes its archive states. Source: Electron, "ASAR Integrity". @module */

import { createHash, type Hash } from "node:crypto";
import type { OpenContext } from "../format.ts";
import type { AsarEntry } from "./entries.ts";

type Packed = AsarEntry & { kind: "packed" };

/** Hands the pieces on, and reports at the end when a hash is another than the stated one. */
export async function* checkedContent(
  bytes: AsyncIterable<Uint8Array>,
  entry: Packed,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  const { integrity } = entry;
  const whole = createHash("sha256");
  const blocks = integrity && new BlockHashes(integrity.blockBytes);
  for await (const piece of bytes) {
    context.budget.spendBytes(piece.length);
    if (integrity !== undefined) whole.update(piece);
    blocks?.update(piece);
    yield piece;
  }
  if (integrity === undefined || blocks === undefined) return;
  const isSame = whole.digest("hex") === integrity.hash && sameBlocks(blocks.finish(), integrity.blocks);
  if (isSame) return;
  context.report({
    check: "structure",
    outcome: "fail",
    because:
      "does not have the hash that its archive states: Electron refuses it where it checks, and runs it where it does not",
    facts: { stated: integrity.hash },
    member: entry.name,
  });
}

const NOTHING = createHash("sha256").digest("hex");

/** Makers differ in whether an empty block ends a file that is empty or fills its blocks. */
const sameBlocks = (found: readonly string[], stated: readonly string[]): boolean =>
  found.join() === (stated.at(-1) === NOTHING ? stated.slice(0, -1) : stated).join();

class BlockHashes {
  readonly #blockBytes: number;
  readonly #done: string[] = [];
  #hash: Hash = createHash("sha256");
  #inBlock = 0;

  constructor(blockBytes: number) {
    this.#blockBytes = blockBytes;
  }

  update(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + this.#blockBytes - this.#inBlock);
      this.#hash.update(part);
      this.#inBlock += part.length;
      at += part.length;
      if (this.#inBlock === this.#blockBytes) this.#endBlock();
    }
  }

  finish(): readonly string[] {
    if (this.#inBlock > 0) this.#endBlock();
    return this.#done;
  }

  #endBlock(): void {
    this.#done.push(this.#hash.digest("hex"));
    this.#hash = createHash("sha256");
    this.#inBlock = 0;
  }
}
