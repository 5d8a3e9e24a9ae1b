/** 7z archives, opened by 7-Zip. Source: 7-Zip 24.09, `DOC/7zFormat.txt`. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

/** §SignatureHeader. */
const MARK = Buffer.from("7z\xbc\xaf\x27\x1c", "latin1");

export const sevenZip: Format = {
  id: "7z",
  title: "7z archive",
  document: "7-Zip 24.09, DOC/7zFormat.txt",
  recognise: ({ head }: Glimpse) => head.subarray(0, MARK.length).equals(MARK),
  open: (source, context) => openBySevenZip(source, context, { type: "7z", holds: "archive" }),
};
