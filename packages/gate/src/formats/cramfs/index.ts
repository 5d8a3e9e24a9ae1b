/** cramfs images, opened by 7-Zip. Source: Linux, include/uapi/linux/cramfs_fs.h, `struct cramfs_super`. @module */

import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse } from "../format.ts";

const SIGNATURE = "Compressed ROMFS";
const SIGNATURE_OFFSET = 16;

export const cramfs: Format = {
  id: "cramfs",
  title: "cramfs image",
  document: "Linux, fs/cramfs/README and cramfs_fs.h",
  recognise: ({ head }: Glimpse) =>
    head.toString("latin1", SIGNATURE_OFFSET, SIGNATURE_OFFSET + SIGNATURE.length) === SIGNATURE,
  open: (source, context) => openBySevenZip(source, context, { type: "CramFS", holds: "file-system" }),
};
