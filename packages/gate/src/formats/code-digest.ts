/**
 * One digest over the instructions of an executable: equal in two files that one linker run made, however they were
 * signed, stripped or given other resources since.
 * @module
 */

import { createHash } from "node:crypto";
import { type Budget, type ByteSource, RangeSource, visitPieces } from "@sallyport/core";

export interface CodeRange {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * @param ranges - in the file's order
 * @returns SHA-256, lower-case hex; undefined without code, and when ranges lie outside the file or say more than it
 * holds: then they lie, and hashing what they say could take for ever
 */
export async function digestCode(
  source: ByteSource,
  ranges: readonly CodeRange[],
  budget: Budget,
): Promise<string | undefined> {
  const code = ranges.filter(({ sizeBytes }) => sizeBytes > 0);
  const codeBytes = code.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const isInside = code.every(
    ({ offsetBytes, sizeBytes }) => offsetBytes >= 0 && offsetBytes + sizeBytes <= source.sizeBytes,
  );
  if (code.length === 0 || !isInside || codeBytes > source.sizeBytes) return undefined;
  const hash = createHash("sha256");
  for (const { offsetBytes, sizeBytes } of code) {
    hash.update(`${sizeBytes}:`);
    await visitPieces(new RangeSource(source, offsetBytes, sizeBytes), (bytes) => {
      budget.checkTime();
      hash.update(bytes);
    });
  }
  return hash.digest("hex");
}
