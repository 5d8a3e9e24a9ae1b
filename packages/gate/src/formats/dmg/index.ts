/**
 * Disk images of macOS (UDIF, `.dmg`): a disk, packed in runs, whose partitions are handed on as members. What is inside
 * a partition (HFS+, APFS) is for the formats of those.
 * Sources: libdmg-hfsplus; "Demystifying the DMG File Format" (newosxbook.com); libmodi's documentation of UDIF.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { examineLayout, examinePartitions, findUnused, judgeData } from "./layout.ts";
import { readPartitions } from "./partitions.ts";
import { readSectors } from "./runs.ts";
import { readTrailer, SECTOR_BYTES, TRAILER_BYTES, TRAILER_MARK } from "./trailer.ts";

export const dmg: Format = {
  id: "dmg",
  title: "Disk image (UDIF)",
  document: "libdmg-hfsplus, UDIFResourceFile and BLKXTable",
  recognise: (glimpse: Glimpse) => hasTrailer(glimpse) || isEncrypted(glimpse.head),
  open,
};

function hasTrailer({ tail }: Glimpse): boolean {
  const at = tail.length - TRAILER_BYTES;
  return at >= 0 && tail.toString("latin1", at, at + 4) === TRAILER_MARK && tail.readUInt32BE(at + 8) === 512;
}

/** Version 2 begins with its mark. Version 1 ends with one, and is older than every system that is still used. */
const isEncrypted = (head: Buffer): boolean => head.toString("latin1", 0, 8) === "encrcdsa";

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const mark = Buffer.from(await source.read(0, Math.min(8, source.sizeBytes)));
  if (isEncrypted(mark)) throw new ArtifactError("artifact.encrypted", "disk image: it is encrypted");
  const { budget } = context;
  const trailer = await readTrailer(source);
  for (const finding of await examineLayout(source, trailer, budget)) context.report(finding);
  for (const finding of await judgeData(source, trailer, budget)) context.report(finding);
  if (trailer.segmentCount > 1)
    throw new ArtifactError(
      "artifact.unsupported",
      `disk image: one of ${trailer.segmentCount} files that are one image`,
    );
  const partitions = await readPartitions(source, trailer);
  for (const finding of examinePartitions(trailer, partitions)) context.report(finding);
  for (const partition of partitions)
    yield {
      name: partition.name,
      claimedBytes: partition.sectorCount * SECTOR_BYTES,
      content: () => readSectors(source, partition, context),
    };
  yield* unusedMembers(source, (await findUnused(source, trailer, { partitions, budget })) ?? [trailer.data]);
}

/** Old runs that Apple's tools leave behind, or whatever somebody put there. */
function* unusedMembers(
  source: ByteSource,
  places: readonly { offsetBytes: number; sizeBytes: number }[],
): Generator<Member> {
  for (const { offsetBytes, sizeBytes } of places) {
    const range = new RangeSource(source, offsetBytes, sizeBytes);
    yield {
      name: `unused-${offsetBytes}`,
      claimedBytes: sizeBytes,
      range: { source: range, offsetInParentBytes: offsetBytes },
      content: () => range.stream(),
    };
  }
}
