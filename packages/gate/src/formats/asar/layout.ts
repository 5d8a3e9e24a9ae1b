/** Is every byte of an asar some file's? Its makers write one file behind the other. @module */

import type { OpenContext } from "../format.ts";
import type { AsarEntry } from "./entries.ts";

type Packed = AsarEntry & { kind: "packed" };

/** @param place.start - where the first file may stand, `end` where the archive ends */
export function reportLayout(
  entries: readonly AsarEntry[],
  place: { readonly start: number; readonly end: number },
  context: OpenContext,
): void {
  const packed = entries.filter((entry): entry is Packed => entry.kind === "packed" && entry.sizeBytes > 0);
  const sorted = packed.toSorted((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes);
  const fail = (because: string, lengthBytes: number): void =>
    context.report({ check: "structure", outcome: "fail", because, facts: { lengthBytes } });
  let end = 0;
  let gapBytes = 0;
  let sharedBytes = 0;
  let before: Packed | undefined;
  for (const entry of sorted) {
    // Two names for the same bytes are the same file twice, which hides nothing.
    const isSame = before?.offset === entry.offset && before.sizeBytes === entry.sizeBytes;
    if (entry.offset > end) gapBytes += entry.offset - end;
    if (entry.offset < end && !isSame)
      sharedBytes += Math.min(end, entry.offset + entry.sizeBytes) - entry.offset;
    end = Math.max(end, entry.offset + entry.sizeBytes);
    before = entry;
  }
  if (gapBytes > 0) fail("bytes between its files belong to nothing", gapBytes);
  if (sharedBytes > 0) fail("files of it share bytes", sharedBytes);
  const restBytes = place.end - place.start - end;
  if (restBytes > 0) fail("has bytes after its last file", restBytes);
}
