/** Compiled help of Windows, opened by 7-Zip. Source: Russotto, Microsoft's HTML Help (.chm) format, "The Header". @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

/** Mark, version 3, header of 96 bytes. */
const MARK = Buffer.from("ITSF\x03\0\0\0\x60\0\0\0", "latin1");

export const chm: Format = {
  id: "chm",
  title: "Windows help file (CHM)",
  document: "Matthew Russotto, Microsoft’s HTML Help (.chm) format",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open: (source, context) => openBySevenZip(source, context, { type: "Chm", holds: "file-system" }),
};
