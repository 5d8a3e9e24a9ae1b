/**
 * Does the image tell one story? Its parts must not share bytes, and nothing may stand outside of them; what no
 * partition uses inside the data is handed on, because Apple's own tools leave old runs behind there.
 * Source: libdmg-hfsplus; images that `hdiutil` wrote.
 * @module
 */

import { crc32 } from "node:zlib";
import type { Budget, ByteSource } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { cutShort, lie } from "../layout-findings.ts";
import { findNonZero } from "../mach-o/hidden-bytes.ts";
import type { Partition } from "./partitions.ts";
import { CRC32, type FileRange, type ImageTrailer } from "./trailer.ts";

const PARTS = ["data", "resources", "list", "signature"] as const;
/** Beyond, images are not told apart from lists of places. */
const MAX_GAPS = 256;

export async function examineLayout(
  source: ByteSource,
  trailer: ImageTrailer,
  budget: Budget,
): Promise<readonly Finding[]> {
  const parts = PARTS.map((what) => ({ what, ...trailer[what] })).filter(({ sizeBytes }) => sizeBytes > 0);
  const findings: Finding[] = [];
  let endBytes = 0;
  for (const part of parts.toSorted((one, other) => one.offsetBytes - other.offsetBytes)) {
    const facts = { part: part.what, offsetBytes: part.offsetBytes, lengthBytes: part.sizeBytes };
    if (endOf(part) > trailer.offsetBytes)
      findings.push(cutShort("a part of the image reaches past its end", { ...facts }));
    if (part.offsetBytes < endBytes) findings.push(lie("two parts of the image share the same bytes", facts));
    findings.push(...(await hiddenIn(source, { from: endBytes, until: part.offsetBytes }, budget)));
    endBytes = Math.max(endBytes, endOf(part));
  }
  return [...findings, ...(await hiddenIn(source, { from: endBytes, until: trailer.offsetBytes }, budget))];
}

/** The checksum over the packed data, where there is one. What differs is damaged; partitions have checksums of their own. */
export async function judgeData(
  source: ByteSource,
  { data, dataChecksum }: ImageTrailer,
  budget: Budget,
): Promise<readonly Finding[]> {
  if (dataChecksum.kind !== CRC32 || endOf(data) > source.sizeBytes) return [];
  let sum = 0;
  for await (const piece of source.stream(data.offsetBytes, data.sizeBytes)) {
    budget.checkTime();
    sum = crc32(piece, sum);
  }
  return sum === dataChecksum.value
    ? []
    : [damaged("its data does not have the checksum that its trailer gives")];
}

/** What differs from its checksum is damaged. That does not make two readers see two contents. */
const damaged = (what: string): Finding => ({
  check: "opened",
  outcome: "unknown",
  because: `it is damaged: ${what}`,
  facts: { code: "artifact.malformed", limit: "" },
});

/** Partitions must not share sectors, and their checksums together must be the one of the image. */
export function examinePartitions(
  trailer: ImageTrailer,
  partitions: readonly Partition[],
): readonly Finding[] {
  const findings: Finding[] = [];
  let sector = 0;
  for (const partition of partitions.toSorted((one, other) => one.firstSector - other.firstSector)) {
    if (partition.firstSector < sector)
      findings.push(lie("two partitions share the same sectors", { partition: partition.name }));
    sector = Math.max(sector, partition.firstSector + partition.sectorCount);
  }
  if (trailer.sectorCount > 0 && sector > trailer.sectorCount)
    findings.push(lie("its partitions reach past the end of the disk", { sectors: trailer.sectorCount }));
  const { kind, value } = trailer.masterChecksum;
  const sums = Buffer.alloc(4 * partitions.length);
  for (const [index, { checksum }] of partitions.entries()) sums.writeUInt32BE(checksum.value, 4 * index);
  if (kind === CRC32 && partitions.every(({ checksum }) => checksum.kind === CRC32) && crc32(sums) !== value)
    findings.push(damaged("its tables do not have the checksum that its trailer gives"));
  return findings;
}

/** Places in the data that no run uses and that are not zero; undefined when there are too many to follow. */
export async function findUnused(
  source: ByteSource,
  { data }: ImageTrailer,
  { partitions, budget }: { partitions: readonly Partition[]; budget: Budget },
): Promise<readonly FileRange[] | undefined> {
  const used = partitions
    .flatMap(({ runs }) => runs)
    .filter(({ sizeBytes }) => sizeBytes > 0)
    .toSorted((one, other) => one.offsetBytes - other.offsetBytes);
  const unused: FileRange[] = [];
  let endBytes = data.offsetBytes;
  for (const place of [...used, { offsetBytes: endOf(data), sizeBytes: 0 }]) {
    const until = Math.min(place.offsetBytes, source.sizeBytes);
    if (until > endBytes && (await hiddenAt(source, { from: endBytes, until }, budget)) !== undefined)
      unused.push({ offsetBytes: endBytes, sizeBytes: until - endBytes });
    if (unused.length > MAX_GAPS) return undefined;
    endBytes = Math.max(endBytes, endOf(place));
  }
  return unused;
}

const hiddenAt = (source: ByteSource, { from, until }: { from: number; until: number }, budget: Budget) =>
  findNonZero(source, { offsetBytes: from, endBytes: until }, budget);

async function hiddenIn(
  source: ByteSource,
  { from, until }: { from: number; until: number },
  budget: Budget,
): Promise<Finding[]> {
  if (until <= from || until > source.sizeBytes) return [];
  const offsetBytes = await hiddenAt(source, { from, until }, budget);
  if (offsetBytes === undefined) return [];
  const facts = { offsetBytes, lengthBytes: until - offsetBytes };
  return [lie("bytes stand between the parts of the image", facts)];
}

const endOf = ({ offsetBytes, sizeBytes }: FileRange): number => offsetBytes + sizeBytes;
