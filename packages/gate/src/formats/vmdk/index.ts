/** Sparse virtual disks of VMware, opened by 7-Zip. Source: VMware, Virtual Disk Format 5.0, "Hosted Sparse Extent Header". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

export const vmdk: Format = {
  id: "vmdk",
  title: "Virtual disk of VMware (VMDK)",
  document: "VMware, Virtual Disk Format 5.0",
  recognise: ({ head }: Glimpse) => head.toString("latin1", 0, 4) === "KDMV",
  open: (source, context) =>
    openBySevenZip(source, context, { type: "VMDK", holds: "file-system", nameless: "disk" }),
};
