/** LZH archives, opened by 7-Zip. Source: LHA for Unix, header.doc.md: levels 0 to 3. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

export const lzh: Format = {
  id: "lzh",
  title: "LZH archive",
  document: "LHA for Unix, header.doc.md",
  recognise: ({ head }: Glimpse) =>
    /^-l[hz][0-9a-z]-$/.test(head.toString("latin1", 2, 7)) && hasHeader(head),
  open: (source, context) => openBySevenZip(source, context, { type: "Lzh", holds: "archive" }),
};

/** The mark is short, so the header must hold as well. */
function hasHeader(head: Buffer): boolean {
  const level = head[20];
  if (level === 2) return head.readUInt16LE(0) >= 26;
  if (level !== 0 && level !== 1) return false;
  const sizeBytes = head[0] ?? 0;
  const sum = head.subarray(2, 2 + sizeBytes).reduce((total, byte) => total + byte, 0);
  return sizeBytes >= 22 && head.length >= 2 + sizeBytes && sum % 256 === head[1];
}
