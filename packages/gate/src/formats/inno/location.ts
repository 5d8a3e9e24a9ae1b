/** Where each file lies in the installer's data. Source: Inno Setup, Projects/Src/Shared.Struct.pas (`TSetupFileLocationEntry`). @module */

import { ArtifactError } from "@sallyport/core";
import type { Layout, Version } from "./layout.ts";

export interface Location {
  readonly index: number;
  readonly firstSlice: number;
  readonly lastSlice: number;
  /** Of the chunk, from the start of the data. */
  readonly chunkOffset: number;
  readonly chunkBytes: number;
  /** In the unpacked chunk. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly digest: string;
  readonly hasCallFilter: boolean;
  readonly isEncrypted: boolean;
  readonly isCompressed: boolean;
}

/** @throws {@link ArtifactError} `artifact.unsupported` when the block is not made of such records */
export function readLocations(block: Buffer, layout: Layout, version: Version): Location[] {
  const { sizeBytes } = layout.location;
  if (block.length % sizeBytes !== 0)
    throw new ArtifactError(
      "artifact.unsupported",
      `Inno Setup: the records are not laid out as those of version ${version.text}`,
    );
  return Array.from({ length: block.length / sizeBytes }, (_, index) =>
    readLocation(block.subarray(index * sizeBytes, (index + 1) * sizeBytes), index, layout),
  );
}

function readLocation(record: Buffer, index: number, { location }: Layout): Location {
  const { startBytes, digest, flags } = location;
  const digestAt = 8 + startBytes + 24;
  const digestBytes = { md5: 16, sha1: 20, sha256: 32 }[digest];
  const flagsByte = record.readUInt8(digestAt + digestBytes + 16);
  return {
    index,
    firstSlice: record.readUInt32LE(0),
    lastSlice: record.readUInt32LE(4),
    chunkOffset: startBytes === 4 ? record.readUInt32LE(8) : Number(record.readBigUInt64LE(8)),
    offset: Number(record.readBigUInt64LE(8 + startBytes)),
    sizeBytes: Number(record.readBigUInt64LE(16 + startBytes)),
    chunkBytes: Number(record.readBigUInt64LE(24 + startBytes)),
    digest: record.toString("hex", digestAt, digestAt + digestBytes),
    hasCallFilter: (flagsByte & flags.calls) !== 0,
    isEncrypted: (flagsByte & flags.encrypted) !== 0,
    isCompressed: (flagsByte & flags.compressed) !== 0,
  };
}
