/** Virtual disks of VirtualBox, opened by 7-Zip. Source: VirtualBox, src/VBox/Storage/VDICore.h, `VDIPREHEADER`. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK_OFFSET = 64;

export const vdi: Format = {
  id: "vdi",
  title: "Virtual disk of VirtualBox (VDI)",
  document: "VirtualBox, VDICore.h",
  recognise: ({ head }: Glimpse) =>
    head.length >= MARK_OFFSET + 4 && head.readUInt32LE(MARK_OFFSET) === 0xbeda107f,
  open: (source, context) =>
    openBySevenZip(source, context, { type: "VDI", holds: "file-system", nameless: "disk" }),
};
