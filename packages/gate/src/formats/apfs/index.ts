/** Containers of the Apple File System, opened by 7-Zip. Source: Apple File System Reference, `nx_superblock_t`. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import { hasDiskFooter } from "../disk-footer.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK_OFFSET = 32;

export const apfs: Format = {
  id: "apfs",
  title: "APFS container",
  document: "Apple File System Reference (2020-06-22)",
  recognise: (glimpse: Glimpse) =>
    glimpse.head.toString("latin1", MARK_OFFSET, MARK_OFFSET + 4) === "NXSB" && !hasDiskFooter(glimpse),
  open: (source, context) => openBySevenZip(source, context, { type: "APFS", holds: "file-system" }),
};
