/** Disks with Apple's partition map, opened by 7-Zip. Source: Inside Macintosh: Devices, "Data Organization on Block Devices". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";
import { isDisc } from "../iso/mark.ts";

/** Driver descriptor record and the first entry of the map. */
const [DRIVERS, ENTRY] = ["ER", "PM\0\0"];

export const apm: Format = {
  id: "apm",
  title: "Disk with an Apple partition map",
  document: "Inside Macintosh: Devices, Data Organization on Block Devices",
  recognise: (glimpse: Glimpse) => hasMap(glimpse.head) && !isDisc(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "APM", holds: "partitions" }),
};

/** The map begins in the second block, however large blocks are. */
function hasMap(head: Buffer): boolean {
  if (head.length < 512 || head.toString("latin1", 0, 2) !== DRIVERS) return false;
  const blockBytes = head.readUInt16BE(2);
  return head.toString("latin1", blockBytes, blockBytes + ENTRY.length) === ENTRY;
}
