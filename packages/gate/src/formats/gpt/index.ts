/** Disks with a GUID partition table, opened by 7-Zip. Source: UEFI 2.10 §5.3. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";
import { isDisc } from "../iso/mark.ts";

const SECTOR_BYTES = 512;

export const gpt: Format = {
  id: "gpt",
  title: "Disk with a GUID partition table",
  document: "UEFI 2.10 §5.3",
  // A disc that can be written to a disk has such a table for the disk; it is opened as a disc.
  recognise: (glimpse: Glimpse) =>
    glimpse.head.toString("latin1", SECTOR_BYTES, SECTOR_BYTES + 8) === "EFI PART" &&
    !isDisc(glimpse.head) &&
    !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "GPT", holds: "partitions" }),
};
