/** File systems of Linux, opened by 7-Zip. Source: Linux, Documentation/filesystems/ext4, "The Super Block". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";

const SUPER_BLOCK = 1024;

export const ext: Format = {
  id: "ext",
  title: "ext2, ext3 or ext4 file system",
  document: "Linux, Documentation/filesystems/ext4",
  recognise: (glimpse: Glimpse) => hasSuperBlock(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "Ext", holds: "file-system" }),
};

/** The mark is two bytes, so other fields must make sense as well. */
function hasSuperBlock(head: Buffer): boolean {
  if (head.length < SUPER_BLOCK + 256 || head.readUInt16LE(SUPER_BLOCK + 56) !== 0xef53) return false;
  const [inodes, blocks, blockSizePower, revision] = [0, 4, 24, 76].map((at) =>
    head.readUInt32LE(SUPER_BLOCK + at),
  );
  if (inodes === undefined || blocks === undefined) return false;
  return inodes > 0 && blocks > 0 && (blockSizePower ?? 7) <= 6 && (revision ?? 2) <= 1;
}
