/** The volume descriptors of a disc. Sources: ECMA-119 §8; Joliet Specification 1995; El Torito 1.0 §2. @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { DESCRIPTORS, SECTOR_BYTES } from "./mark.ts";
import { bothOrders, type DirectoryRecord, type Lies, readRecord } from "./record.ts";

export interface Volume {
  readonly blockBytes: number;
  readonly sizeBytes: number;
  readonly root: DirectoryRecord;
  readonly isJoliet: boolean;
  /** The volume identifier: a claim. */
  readonly label: string;
  readonly application: string;
}

export interface Descriptors {
  readonly primary: Volume | undefined;
  readonly joliet: Volume | undefined;
  readonly hasUdf: boolean;
  /** Sector of El Torito's catalogue. */
  readonly bootCatalogue: number | undefined;
}

/** More than any disc has. */
const MOST_DESCRIPTORS = 64;
const JOLIET_ESCAPES = ["%/@", "%/C", "%/E"];
const UDF_MARKS = ["NSR02", "NSR03"];
const [BOOT, PRIMARY, SUPPLEMENTARY, TERMINATOR] = [0, 1, 2, 255];

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export async function readDescriptors(source: ByteSource, lies: Lies): Promise<Descriptors> {
  let primary: Volume | undefined;
  let joliet: Volume | undefined;
  let bootCatalogue: number | undefined;
  let hasUdf = false;
  let isEnded = false;
  for (let index = 0; index < MOST_DESCRIPTORS; index += 1) {
    const at = DESCRIPTORS + index * SECTOR_BYTES;
    if (at + SECTOR_BYTES > source.sizeBytes) break;
    const bytes = await readExactly(source, at, SECTOR_BYTES, "iso: a volume descriptor");
    const mark = bytes.toString("latin1", 1, 6);
    hasUdf ||= UDF_MARKS.includes(mark);
    if (mark !== "CD001") {
      if (!["BEA01", "TEA01", "BOOT2", ...UDF_MARKS].includes(mark)) break;
      continue;
    }
    if (isEnded) continue;
    if (bytes[0] === TERMINATOR) isEnded = true;
    if (bytes[0] === BOOT && bytes.toString("latin1", 7, 30) === "EL TORITO SPECIFICATION")
      bootCatalogue ??= bytes.readUInt32LE(71);
    const volume = bytes[0] === PRIMARY || bytes[0] === SUPPLEMENTARY ? readVolume(bytes, lies) : undefined;
    if (bytes[0] === PRIMARY) primary = onlyOne(primary, volume, lies);
    if (volume?.isJoliet === true) joliet = onlyOne(joliet, volume, lies);
  }
  if (primary === undefined && !hasUdf)
    throw new ArtifactError("artifact.malformed", "iso: it has no primary volume descriptor");
  return { primary, joliet, hasUdf, bootCatalogue };
}

/** A copy is allowed, §8.4; another volume would be another disc. */
function onlyOne(known: Volume | undefined, volume: Volume | undefined, lies: Lies): Volume | undefined {
  if (known === undefined || volume === undefined) return known ?? volume;
  if (known.root.extent !== volume.root.extent)
    lies("has two volumes of one kind, and readers take one of them");
  return known;
}

function readVolume(bytes: Buffer, lies: Lies): Volume {
  const blockBytes = bothOrders(bytes, 128, 2, lies);
  if (![512, 1024, 2048].includes(blockBytes))
    throw new ArtifactError("artifact.malformed", `iso: blocks of ${blockBytes} bytes`);
  const isSupplementary = bytes[0] === SUPPLEMENTARY;
  const root = readRecord(bytes.subarray(156, 190), lies);
  if (root === undefined) throw new ArtifactError("artifact.malformed", "iso: it has no root folder");
  return {
    blockBytes,
    sizeBytes: bothOrders(bytes, 80, 4, lies) * blockBytes,
    root,
    isJoliet: isSupplementary && JOLIET_ESCAPES.includes(bytes.toString("latin1", 88, 91)),
    label: bytes.toString("latin1", 40, 72).trim(),
    application: bytes.toString("latin1", 574, 702).trim(),
  };
}
