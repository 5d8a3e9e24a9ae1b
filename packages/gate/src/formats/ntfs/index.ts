/** File systems of Windows, opened by 7-Zip. Source: NTFS Documentation, $Boot. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK = "NTFS    ";

const isBootSector = (head: Buffer): boolean =>
  head.length >= 512 &&
  head.toString("latin1", 3, 3 + MARK.length) === MARK &&
  head.readUInt16BE(510) === 0x55aa;

export const ntfs: Format = {
  id: "ntfs",
  title: "NTFS file system",
  document: "Linux-NTFS project, NTFS Documentation",
  recognise: (glimpse: Glimpse) => isBootSector(glimpse.head) && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "NTFS", holds: "file-system" }),
};
