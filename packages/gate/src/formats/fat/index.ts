/** FAT file systems, opened by 7-Zip. Source: Microsoft, FAT32 File System Specification 1.03, "Boot Sector and BPB". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";

export const fat: Format = {
  id: "fat",
  title: "FAT file system",
  document: "Microsoft, FAT32 File System Specification 1.03",
  recognise: (glimpse: Glimpse) => isFatBootSector(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "FAT", holds: "file-system" }),
};

/** Systems look at the numbers, not at the name `FAT16`, which may be missing. */
export function isFatBootSector(head: Buffer): boolean {
  if (head.length < 512 || head.readUInt16BE(510) !== 0x55aa) return false;
  const jumps = (head[0] === 0xeb && head[2] === 0x90) || head[0] === 0xe9;
  const [clusterSectors = 0, copies = 0, medium = 0] = [13, 16, 21].map((at) => head[at]);
  return (
    jumps &&
    [512, 1024, 2048, 4096].includes(head.readUInt16LE(11)) &&
    isPowerOfTwo(clusterSectors) &&
    head.readUInt16LE(14) > 0 &&
    (copies === 1 || copies === 2) &&
    (medium === 0xf0 || medium >= 0xf8)
  );
}

const isPowerOfTwo = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
