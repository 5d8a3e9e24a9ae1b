/**
 * Footers by which a disk image is known whose first byte is the disk's own: what stands at its start is inside it.
 * Sources: Microsoft, Virtual Hard Disk Image Format Specification, "Hard Disk Footer"; libdmg's `UDIFResourceFile`.
 * @module
 */

import type { Glimpse } from "./format.ts";

const FOOTER_BYTES = 512;
const MARKS = ["conectix", "koly"];

export function hasDiskFooter({ tail }: Pick<Glimpse, "tail">): boolean {
  const at = tail.length - FOOTER_BYTES;
  return at >= 0 && MARKS.some((mark) => tail.toString("latin1", at, at + mark.length) === mark);
}
