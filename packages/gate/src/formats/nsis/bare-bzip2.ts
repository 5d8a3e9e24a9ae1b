/**
 * bzip2 as NSIS writes it: blocks of level 9 without file header, checksums and randomisation; one byte tells a block
 * from the end. Source: NSIS 3.08, Source/bzip2/decompress.c.
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import { BitInput, LARGEST_BLOCK_BYTES } from "../bzip2/bit-input.ts";
import { Block } from "../bzip2/block.ts";
import type { FrontReader } from "../front-reader.ts";

export const BLOCK_MARK = 0x31;
const END_MARK = 0x17;
const BLOCK_BYTES = 900_000;

/**
 * Unpacks up to the end mark; what follows goes back to the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function* unpackBareBzip2(
  reader: FrontReader,
  { budget, maxHeldBytes }: { budget: Budget; maxHeldBytes: number },
): AsyncGenerator<Buffer> {
  if (4 * BLOCK_BYTES + 4 * LARGEST_BLOCK_BYTES > maxHeldBytes)
    throw new ArtifactError("artifact.over-limit", "NSIS: a bzip2 block needs more memory than is allowed");
  const input = new BitInput(reader);
  let block: Block | undefined;
  for (;;) {
    await input.fill(budget);
    const mark = input.take(8);
    input.requireInput();
    if (mark === END_MARK) return input.release();
    if (mark !== BLOCK_MARK) throw new ArtifactError("artifact.malformed", "NSIS: the bzip2 data is damaged");
    block ??= new Block(BLOCK_BYTES);
    readBlock(block, input);
    for (const piece of block.content()) {
      budget.spendBytes(piece.length);
      yield piece;
    }
  }
}

/** Reading beyond the end finds zeros, so that what looks damaged may be cut short. */
function readBlock(block: Block, input: BitInput): void {
  try {
    block.readBare(input);
  } catch (error) {
    input.requireInput();
    throw error;
  }
  input.requireInput();
}
