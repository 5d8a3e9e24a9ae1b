/** squashfs images, as they are inside snaps and AppImages, opened by 7-Zip. Source: Linux, fs/squashfs/squashfs_fs.h. @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { openBySevenZip } from "../../long-tail/index.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";

/** Two byte orders, and two more of vendors that swap half of it. */
const MARKS = ["hsqs", "sqsh", "shsq", "qshs"];
const COMPRESSION_OFFSET = 20;
const VERSION_OFFSET = 28;
const LZ4 = 5;

export const squashfs: Format = {
  id: "squashfs",
  title: "squashfs image",
  document: "Linux, fs/squashfs/squashfs_fs.h",
  recognise: ({ head }: Glimpse) => MARKS.includes(head.toString("latin1", 0, 4)),
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const header = await readExactly(source, 0, 96, "squashfs: the super block");
  const isVersion4 = header.toString("latin1", 0, 4) === "hsqs" && header.readUInt16LE(VERSION_OFFSET) === 4;
  if (isVersion4 && header.readUInt16LE(COMPRESSION_OFFSET) === LZ4)
    throw new ArtifactError("artifact.unsupported", "it is compressed with LZ4, which cannot be opened here");
  for await (const member of openBySevenZip(source, context, { type: "SquashFS", holds: "file-system" })) {
    // A snap describes itself here.
    if (member.name === "meta/snap.yaml") context.refineFormat("snap");
    yield member;
  }
}
