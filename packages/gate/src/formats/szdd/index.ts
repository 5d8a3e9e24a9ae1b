/** Files that Windows's COMPRESS.EXE made (`setup.ex_`), opened by 7-Zip. Source: Ross Smith, SZDD compression format. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

/** Mark, and method A, which is the only one. */
const MARK = Buffer.from("SZDD\x88\xf0\x27\x33A", "latin1");

export const szdd: Format = {
  id: "szdd",
  title: "Compressed file of Windows (SZDD)",
  document: "libmspack, SZDD compression format",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open: (source, context) =>
    openBySevenZip(source, context, { type: "MsLZ", holds: "file-system", nameless: "content" }),
};
