/**
 * The partitions of a disk image: a property list holds one table (`blkx`) for each, of runs of sectors and where in the
 * file, and how packed, each run's bytes lie. Source: libdmg-hfsplus, `BLKXTable`, `BLKXRun`.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { readPropertyList } from "../../property-list/read-property-list.ts";
import { isArray, isDictionary, textOf } from "../../property-list/value.ts";
import { type ImageChecksum, type ImageTrailer, longAt, malformed, readChecksum } from "./trailer.ts";

export interface Partition {
  /** `Apple_HFS-4`: what the image calls it, and its number. */
  readonly name: string;
  readonly firstSector: number;
  readonly sectorCount: number;
  readonly checksum: ImageChecksum;
  /** In the order of their sectors, which follow each other. */
  readonly runs: readonly Run[];
}

export interface Run {
  /** Number of the packing. */
  readonly kind: number;
  readonly sectorCount: number;
  /** From the start of the file. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export const RUN = {
  zero: 0,
  raw: 1,
  ignored: 2,
  adc: 0x8000_0004,
  zlib: 0x8000_0005,
  bzip2: 0x8000_0006,
  lzfse: 0x8000_0007,
  lzma: 0x8000_0008,
} as const;

const COMMENT = 0x7fff_fffe;
const TERMINATOR = 0xffff_ffff;
const TABLE_BYTES = 204;
const RUN_BYTES = 40;
const MAX_LIST_BYTES = 16 * 1024 * 1024;
const MAX_PARTITIONS = 1024;
/** Of which kinds there are some, and all that another reader could show. */
const TYPE = /\(([A-Za-z0-9_ ]{1,40}) : \d{1,6}\)\s*$/;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated`, `artifact.over-limit`, `artifact.unsupported` */
export async function readPartitions(source: ByteSource, trailer: ImageTrailer): Promise<Partition[]> {
  const { list } = trailer;
  if (list.sizeBytes === 0)
    throw new ArtifactError("artifact.unsupported", "disk image: its tables stand in a resource fork");
  if (list.sizeBytes > MAX_LIST_BYTES)
    throw new ArtifactError("artifact.over-limit", "disk image: a list larger than may be held");
  const bytes = await readExactly(source, list.offsetBytes, list.sizeBytes, "disk image: list");
  const fork = readPropertyList(bytes).get("resource-fork");
  const tables = isDictionary(fork) ? fork.get("blkx") : undefined;
  if (!isArray(tables) || tables.length === 0) throw malformed("its list has no tables of partitions");
  if (tables.length > MAX_PARTITIONS)
    throw new ArtifactError("artifact.over-limit", `disk image: ${tables.length} partitions`);
  return tables.map((table, index) => {
    const data = isDictionary(table) ? table.get("Data") : undefined;
    if (!isDictionary(table) || !Buffer.isBuffer(data)) throw malformed("a table of a partition is none");
    const type = TYPE.exec(textOf(table, "Name") ?? textOf(table, "CFName") ?? "")?.[1];
    return readTable(data, `${type?.replaceAll(" ", "_") ?? "partition"}-${index}`, trailer);
  });
}

function readTable(table: Buffer, name: string, trailer: ImageTrailer): Partition {
  if (table.length < TABLE_BYTES || table.toString("latin1", 0, 4) !== "mish")
    throw malformed("a table of a partition does not begin with its mark");
  const count = table.readUInt32BE(200);
  if (table.length < TABLE_BYTES + count * RUN_BYTES)
    throw malformed(`a table of a partition is too small for ${count} runs`);
  const sectorCount = longAt(table, 16);
  const dataStart = trailer.data.offsetBytes + longAt(table, 24);
  const runs: Run[] = [];
  let sector = 0;
  for (let index = 0; index < count; index += 1) {
    const row = table.subarray(TABLE_BYTES + index * RUN_BYTES);
    const kind = row.readUInt32BE(0);
    if (kind === TERMINATOR) break;
    if (kind === COMMENT) continue;
    const run = {
      kind,
      sectorCount: longAt(row, 16),
      offsetBytes: dataStart + longAt(row, 24),
      sizeBytes: longAt(row, 32),
    };
    if (longAt(row, 8) !== sector) throw malformed("runs of a partition overlap, or leave sectors out");
    sector += run.sectorCount;
    if (sector > sectorCount) throw malformed("runs of a partition hold more than it does");
    if (run.sectorCount > 0) runs.push(run);
  }
  if (sector !== sectorCount) throw malformed("runs of a partition hold less than it does");
  return { name, firstSector: longAt(table, 8), sectorCount, checksum: readChecksum(table, 64), runs };
}
