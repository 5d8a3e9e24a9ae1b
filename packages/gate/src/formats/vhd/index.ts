/** Virtual hard disks, opened by 7-Zip. Source: Microsoft, Virtual Hard Disk Image Format Specification. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK = "conectix";
const FOOTER_BYTES = 512;

export const vhd: Format = {
  id: "vhd",
  title: "Virtual hard disk (VHD)",
  document: "Microsoft, Virtual Hard Disk Image Format Specification",
  recognise: ({ tail }: Glimpse) =>
    tail.length >= FOOTER_BYTES &&
    tail.toString("latin1", tail.length - FOOTER_BYTES, tail.length - FOOTER_BYTES + MARK.length) === MARK,
  open: (source, context) =>
    openBySevenZip(source, context, { type: "VHD", holds: "file-system", nameless: "disk" }),
};
