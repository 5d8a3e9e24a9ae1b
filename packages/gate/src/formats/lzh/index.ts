/** LZH archives, opened by 7-Zip. Source: LHA for Unix, header.doc.md: levels 0 to 3. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

export const lzh: Format = {
  id: "lzh",
  title: "LZH archive",
  document: "LHA for Unix, header.doc.md",
  recognise: ({ head }: Glimpse) =>
    /^-l[hz][0-9a-z]-$/.test(head.toString("latin1", 2, 7)) && (head[20] ?? 4) <= 3,
  open: (source, context) => openBySevenZip(source, context, { type: "Lzh", holds: "archive" }),
};
