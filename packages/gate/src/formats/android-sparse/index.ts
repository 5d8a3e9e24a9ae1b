/** Images of Android's partitions without their empty blocks, opened by 7-Zip. Source: AOSP, libsparse/sparse_format.h. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const MARK = 0xed26ff3a;

export const androidSparse: Format = {
  id: "android-sparse",
  title: "Sparse image of Android",
  document: "AOSP, libsparse/sparse_format.h",
  recognise: ({ head }: Glimpse) => head.length >= 28 && head.readUInt32LE(0) === MARK,
  open: (source, context) =>
    openBySevenZip(source, context, { type: "Sparse", holds: "file-system", nameless: "disk" }),
};
