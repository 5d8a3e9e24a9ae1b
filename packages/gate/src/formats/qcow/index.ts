/** Virtual disks of QEMU, opened by 7-Zip. Source: QEMU, docs/interop/qcow2.txt, "Header". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

export const qcow: Format = {
  id: "qcow",
  title: "Virtual disk of QEMU (QCOW)",
  document: "QEMU, docs/interop/qcow2.txt",
  recognise: ({ head }: Glimpse) => head.toString("latin1", 0, 4) === "QFI\xfb",
  open: (source, context) =>
    openBySevenZip(source, context, { type: "QCOW", holds: "file-system", nameless: "disk" }),
};
