/**
 * The trailer that makes a file a disk image of Apple's (UDIF): 512 bytes at the end that say where everything lies. All
 * numbers are big-endian. Sources: libdmg-hfsplus, `UDIFResourceFile`; "Demystifying the DMG File Format" (newosxbook.com).
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export interface FileRange {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface ImageTrailer {
  /** As it stands in the file. */
  readonly bytes: Buffer;
  readonly offsetBytes: number;
  readonly data: FileRange;
  /** Where old images keep what newer ones have in the list. */
  readonly resources: FileRange;
  /** A property list in XML. */
  readonly list: FileRange;
  readonly signature: FileRange;
  readonly segmentCount: number;
  readonly dataChecksum: ImageChecksum;
  /** Over the checksums of all partitions. */
  readonly masterChecksum: ImageChecksum;
  readonly sectorCount: number;
}

export interface ImageChecksum {
  /** 2 is CRC-32, 0 none. */
  readonly kind: number;
  readonly value: number;
}

export const TRAILER_BYTES = 512;
export const TRAILER_MARK = "koly";
export const SECTOR_BYTES = 512;
export const CRC32 = 2;
/** Offsets of the fields that a signature leaves out, in the trailer. */
export const SIGNATURE_SIZE_AT = 304;

/** @throws {@link ArtifactError} `artifact.malformed`, `artifact.truncated` */
export async function readTrailer(source: ByteSource): Promise<ImageTrailer> {
  const offsetBytes = source.sizeBytes - TRAILER_BYTES;
  const bytes = await readExactly(source, offsetBytes, TRAILER_BYTES, "disk image: trailer");
  if (bytes.toString("latin1", 0, 4) !== TRAILER_MARK) throw malformed("it does not end with its trailer");
  if (bytes.readUInt32BE(4) !== 4 || bytes.readUInt32BE(8) !== TRAILER_BYTES)
    throw new ArtifactError("artifact.unsupported", `disk image: version ${bytes.readUInt32BE(4)}`);
  return {
    bytes,
    offsetBytes,
    data: rangeAt(bytes, 24),
    resources: rangeAt(bytes, 40),
    list: rangeAt(bytes, 216),
    signature: rangeAt(bytes, 296),
    segmentCount: bytes.readUInt32BE(60),
    dataChecksum: readChecksum(bytes, 80),
    masterChecksum: readChecksum(bytes, 352),
    sectorCount: longAt(bytes, 492),
  };
}

/** A kind, a size in bits, and room for the longest kind. */
export const readChecksum = (bytes: Buffer, at: number): ImageChecksum => ({
  kind: bytes.readUInt32BE(at + 4) === 32 ? bytes.readUInt32BE(at) : 0,
  value: bytes.readUInt32BE(at + 8),
});

const rangeAt = (bytes: Buffer, at: number): FileRange => ({
  offsetBytes: longAt(bytes, at),
  sizeBytes: longAt(bytes, at + 8),
});

export function longAt(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64BE(at);
  if (value > MAX_PLACE) throw malformed("a place beyond every file");
  return Number(value);
}

/** Sums of a few of these are still exact. */
const MAX_PLACE = 2n ** 50n;

export const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `disk image: ${what}`);
