/** What is read of every member, whatever it is: its hash, its first and last bytes. @module */

import { createHash } from "node:crypto";
import { asBuffer, type Budget, type ByteSource, visitPieces } from "@sallyport/core";
import { type Glimpse, HEAD_BYTES, TAIL_BYTES } from "../formats/format.ts";
import { isAllZero } from "../formats/front-reader.ts";

/**
 * @param onChunk - told of each piece before it is hashed
 * @returns SHA-256, lower-case hex
 */
export async function hashSource(
  source: ByteSource,
  onChunk?: (chunkBytes: number) => void,
): Promise<string> {
  const hash = createHash("sha256");
  await visitPieces(source, (bytes) => {
    onChunk?.(bytes.length);
    hash.update(bytes);
  });
  return hash.digest("hex");
}

/**
 * Several digests in one pass.
 * @returns lower-case hex, in the order of the algorithms
 */
export async function digestsOf(
  source: ByteSource,
  algorithms: readonly string[],
): Promise<readonly string[]> {
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  await visitPieces(source, (bytes) => {
    for (const hash of hashes) hash.update(bytes);
  });
  return hashes.map((hash) => hash.digest("hex"));
}

/** Only zeros, as linkers and signers leave them to fill a block up: nothing is kept there. */
export async function isFilling(source: ByteSource, budget: Budget): Promise<boolean> {
  for await (const piece of source.stream()) {
    budget.checkTime();
    if (!isAllZero(asBuffer(piece))) return false;
  }
  return true;
}

export async function takeGlimpse(source: ByteSource): Promise<Glimpse> {
  const { sizeBytes } = source;
  const head = asBuffer(await source.read(0, Math.min(sizeBytes, HEAD_BYTES)));
  const tailBytes = Math.min(sizeBytes, TAIL_BYTES);
  return { head, tail: asBuffer(await source.read(sizeBytes - tailBytes, tailBytes)), sizeBytes };
}
