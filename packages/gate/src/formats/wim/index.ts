/** Windows images, opened by 7-Zip. Source: Microsoft, Windows Imaging File Format (WIM), §Header. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK = Buffer.from("MSWIM\0\0\0", "latin1");

export const wim: Format = {
  id: "wim",
  title: "Windows image (WIM)",
  document: "Microsoft, Windows Imaging File Format (WIM)",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open: (source, context) => openBySevenZip(source, context, { type: "wim", holds: "file-system" }),
};
