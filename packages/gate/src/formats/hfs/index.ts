/** Volumes of classic and later Mac OS, opened by 7-Zip. Source: Apple TN1150, "Volume Header"; Inside Macintosh: Files. @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { isDisc } from "../iso/mark.ts";

const HEADER = 1024;
/** `H+` version 4, `HX` version 5. */
const MARKS = [0x482b0004, 0x48580005];
const CLASSIC = 0x4244;
const PLUS = 0x482b;

export const hfs: Format = {
  id: "hfs",
  title: "HFS or HFS+ volume",
  document: "Apple, Technical Note TN1150; Inside Macintosh: Files",
  // A disc for Macs as well is opened as a disc, which compares the two.
  recognise: (glimpse: Glimpse) =>
    isHfsVolume(glimpse.head) && !isDisc(glimpse.head) && !hasDiskFooter(glimpse),
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const header = await readExactly(source, HEADER, 512, "hfs: the volume header");
  // TN1150, "HFS Wrapper": an HFS volume that only holds an HFS+ volume says so here.
  if (header.readUInt16BE(0) === CLASSIC && header.readUInt16BE(124) !== PLUS)
    throw new ArtifactError(
      "artifact.unsupported",
      "it is a volume of classic Mac OS, which cannot be opened here",
    );
  yield* openBySevenZip(source, context, { type: "HFS", holds: "file-system" });
}

/** @param head - the first {@link HEAD_BYTES} bytes */
export function isHfsVolume(head: Buffer): boolean {
  if (head.length < HEADER + 512) return false;
  if (MARKS.includes(head.readUInt32BE(HEADER))) return true;
  // HFS: the mark is two bytes, so the bitmap must stand where it always does, and blocks be whole sectors.
  const blockBytes = head.readUInt32BE(HEADER + 20);
  const isClassic = head.readUInt16BE(HEADER) === CLASSIC && head.readUInt16BE(HEADER + 14) === 3;
  return isClassic && blockBytes > 0 && blockBytes % 512 === 0;
}
