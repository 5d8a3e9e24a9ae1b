/**
 * The header of a compound file. Source: [MS-CFB] §2.2 (header), §2.1 (sector numbers).
 * Everything read here is the file's own claim; every number is checked before it is used.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";

export const OLE_MAGIC = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** [MS-CFB] §2.1: sector numbers with a meaning of their own. */
export const SECTOR = {
  maximum: 0xfffffffa,
  difat: 0xfffffffc,
  fat: 0xfffffffd,
  endOfChain: 0xfffffffe,
  free: 0xffffffff,
} as const;

export const HEADER_BYTES = 512;
export const MINI_SECTOR_BYTES = 64;
/** Streams shorter than this lie in the mini stream. */
export const MINI_CUTOFF_BYTES = 4096;
/** FAT sector numbers that the header itself holds. */
export const HEADER_DIFAT_ENTRIES = 109;

export interface OleHeader {
  readonly majorVersion: 3 | 4;
  readonly sectorBytes: 512 | 4096;
  readonly fatSectors: number;
  readonly directoryStart: number;
  readonly miniFatStart: number;
  readonly miniFatSectors: number;
  readonly difatStart: number;
  readonly difatSectors: number;
  /** The first 109 FAT sector numbers, free ones included. */
  readonly difat: readonly number[];
  /** Whole sectors that follow the header, the last one perhaps cut short. */
  readonly sectorCount: number;
}

/**
 * Reads the header.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed` when a field has a value [MS-CFB] forbids
 */
export async function readOleHeader(source: ByteSource): Promise<OleHeader> {
  const bytes = await readExactly(source, 0, HEADER_BYTES, "OLE header");
  if (!bytes.subarray(0, 8).equals(OLE_MAGIC)) refuse("has not the mark of a compound file");
  const majorVersion = bytes.readUInt16LE(26);
  const shift = bytes.readUInt16LE(30);
  if (bytes.readUInt16LE(28) !== 0xfffe) refuse("has a byte order nobody writes");
  if (majorVersion !== 3 && majorVersion !== 4) refuse(`has version ${majorVersion}, known are 3 and 4`);
  if (shift !== (majorVersion === 3 ? 9 : 12))
    refuse(`has sectors of 2^${shift} bytes, which its version forbids`);
  if (bytes.readUInt16LE(32) !== 6) refuse("has mini sectors of another size than 64 bytes");
  if (bytes.readUInt32LE(56) !== MINI_CUTOFF_BYTES) refuse("has another mini stream limit than 4096 bytes");
  const sectorBytes = majorVersion === 3 ? 512 : 4096;
  const sectorCount = Math.ceil(source.sizeBytes / sectorBytes) - 1;
  const header: OleHeader = {
    majorVersion,
    sectorBytes,
    fatSectors: bytes.readUInt32LE(44),
    directoryStart: bytes.readUInt32LE(48),
    miniFatStart: bytes.readUInt32LE(60),
    miniFatSectors: bytes.readUInt32LE(64),
    difatStart: bytes.readUInt32LE(68),
    difatSectors: bytes.readUInt32LE(72),
    difat: Array.from({ length: HEADER_DIFAT_ENTRIES }, (_, index) => bytes.readUInt32LE(76 + index * 4)),
    sectorCount,
  };
  for (const [what, count] of [
    ["FAT", header.fatSectors],
    ["mini FAT", header.miniFatSectors],
    ["DIFAT", header.difatSectors],
  ] as const) {
    if (count > sectorCount) refuse(`claims ${count} ${what} sectors, more than the file has sectors`);
  }
  return header;
}

/** Bytes from the start of the file to a sector. [MS-CFB] §2.2: the header takes up one whole sector. */
export const sectorOffset = (header: OleHeader, sector: number): number => (sector + 1) * header.sectorBytes;

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `OLE header: ${because}`);
}
