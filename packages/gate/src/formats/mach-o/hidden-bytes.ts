/** Looks for anything but zeros where only filling belongs. @module */

import { asBuffer, type Budget, type ByteSource } from "@sallyport/core";

const ZEROS = Buffer.alloc(64 * 1024);

/**
 * @returns where the first byte that is not zero stands in the file; undefined when there is none
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export async function findNonZero(
  source: ByteSource,
  { offsetBytes, endBytes }: { offsetBytes: number; endBytes: number },
  budget: Budget,
): Promise<number | undefined> {
  let at = offsetBytes;
  for await (const chunk of source.stream(offsetBytes, endBytes - offsetBytes)) {
    budget.checkTime();
    const bytes = asBuffer(chunk);
    for (let start = 0; start < bytes.length; start += ZEROS.length) {
      const piece = bytes.subarray(start, start + ZEROS.length);
      if (!piece.equals(ZEROS.subarray(0, piece.length)))
        return at + start + piece.findIndex((byte) => byte !== 0);
    }
    at += bytes.length;
  }
  return undefined;
}
