/** Volumes of classic and later Mac OS, opened by 7-Zip. Source: Apple TN1150, "Volume Header"; Inside Macintosh: Files. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";

const HEADER = 1024;
/** `H+` version 4, `HX` version 5. */
const MARKS = [0x482b0004, 0x48580005];

export const hfs: Format = {
  id: "hfs",
  title: "HFS or HFS+ volume",
  document: "Apple, Technical Note TN1150; Inside Macintosh: Files",
  recognise: (glimpse: Glimpse) => hasVolumeHeader(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "HFS", holds: "file-system" }),
};

function hasVolumeHeader(head: Buffer): boolean {
  if (head.length < HEADER + 512) return false;
  if (MARKS.includes(head.readUInt32BE(HEADER))) return true;
  // HFS: the mark is two bytes, so the bitmap must stand where it always does, and blocks be whole sectors.
  const blockBytes = head.readUInt32BE(HEADER + 20);
  const isClassic = head.readUInt16BE(HEADER) === 0x4244 && head.readUInt16BE(HEADER + 14) === 3;
  return isClassic && blockBytes > 0 && blockBytes % 512 === 0;
}
