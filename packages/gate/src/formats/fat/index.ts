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

export function isFatBootSector(head: Buffer): boolean {
  if (head.length < 512 || head.readUInt16BE(510) !== 0x55aa) return false;
  const jumps = (head[0] === 0xeb && head[2] === 0x90) || head[0] === 0xe9;
  const isNamed = head.toString("latin1", 54, 57) === "FAT" || head.toString("latin1", 82, 87) === "FAT32";
  const sectorBytes = head.readUInt16LE(11);
  return jumps && isNamed && [512, 1024, 2048, 4096].includes(sectorBytes) && isPowerOfTwo(head[13] ?? 0);
}

const isPowerOfTwo = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;
