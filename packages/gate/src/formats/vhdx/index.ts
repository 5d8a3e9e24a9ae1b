/** Virtual hard disks of Hyper-V, opened by 7-Zip. Source: [MS-VHDX] §2.2.1. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

export const vhdx: Format = {
  id: "vhdx",
  title: "Virtual hard disk (VHDX)",
  document: "[MS-VHDX]",
  recognise: ({ head }: Glimpse) => head.toString("latin1", 0, 8) === "vhdxfile",
  open: (source, context) =>
    openBySevenZip(source, context, { type: "VHDX", holds: "file-system", nameless: "disk" }),
};
