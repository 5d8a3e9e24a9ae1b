/** What stands behind the last byte that an executable's headers claim: self-extracting programs keep their load there. @module */

import { type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Member } from "./format.ts";

/** Tools fill up to a boundary; less than this, and all of it zero, is filling. */
const ALIGNMENT_BYTES = 16;

/**
 * The bytes from `endBytes` to the end of the file as the member `overlay`.
 * @returns undefined when nothing is there, or only a few zeros
 */
export async function trailingMember(source: ByteSource, endBytes: number): Promise<Member | undefined> {
  const sizeBytes = source.sizeBytes - endBytes;
  if (sizeBytes <= 0) return undefined;
  if (sizeBytes < ALIGNMENT_BYTES) {
    const bytes = await readExactly(source, endBytes, sizeBytes, "padding");
    if (bytes.every((byte) => byte === 0)) return undefined;
  }
  const range = new RangeSource(source, endBytes, sizeBytes);
  return {
    name: "overlay",
    claimedBytes: sizeBytes,
    isCarried: true,
    range: { source: range, offsetInParentBytes: endBytes },
    content: () => range.stream(),
  };
}
