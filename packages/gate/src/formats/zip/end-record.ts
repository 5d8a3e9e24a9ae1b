/** Finds where a zip's directory lies. Source: APPNOTE 6.3.10 §4.3.14-§4.3.16. @module */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { TAIL_BYTES } from "../format.ts";
import { isAllZero } from "../front-reader.ts";

export const END_SIGNATURE = Buffer.from("PK\x05\x06", "latin1");
export const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const MOST_ALIGNMENT_BYTES = 8;
/** Twenty blocks, as tar(1) writes them. */
const MOST_BLOCKING_BYTES = 10_240;

export interface EndRecord {
  readonly count: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  /** Add it to an offset the archive gives to find the place in this source. */
  readonly baseOffset: number;
  readonly problems: readonly string[];
}

/** The last end record that reaches exactly to the end, otherwise the last one there is. */
export function locateEnd(tail: Buffer): { at: number; rivals: number; trailing: number } | undefined {
  let found: { at: number; trailing: number } | undefined;
  let exact = 0;
  let inside = 0;
  for (
    let at = tail.length - END_BYTES;
    at >= 0;
    at = at === 0 ? -1 : tail.lastIndexOf(END_SIGNATURE, at - 1)
  ) {
    if (tail.readUInt32LE(at) !== 0x06054b50) continue;
    const trailing = tail.length - at - END_BYTES - tail.readUInt16LE(at + 20);
    if (trailing === 0) exact += 1;
    if (found === undefined || (trailing === 0 && found.trailing !== 0)) {
      if (found !== undefined) inside += 1;
      found = { at, trailing };
    }
  }
  return found && { ...found, rivals: inside + Math.max(0, exact - 1) };
}

/**
 * Zeros hold nothing. Signing tools put them behind an archive up to a multiple of 8, before their table;
 * tape writers up to a multiple of 512.
 */
function isFilling(bytes: Buffer, sizeBytes: number, offsetInParentBytes: number): boolean {
  const isAligned = bytes.length < MOST_ALIGNMENT_BYTES && offsetInParentBytes > 0;
  const isBlocked = bytes.length < MOST_BLOCKING_BYTES && sizeBytes % 512 === 0;
  return (isAligned || isBlocked) && isAllZero(bytes);
}

/** True for what ends as a zip does, filled up at most as before a certificate table. */
export function endsAsZip(tail: Buffer): boolean {
  const end = locateEnd(tail);
  if (end === undefined || end.trailing < 0 || end.trailing >= MOST_ALIGNMENT_BYTES) return false;
  return isAllZero(tail.subarray(tail.length - end.trailing));
}

/** @param offsetInParentBytes - undefined: whoever asks does not know, and takes the offsets from wherever they count */
export async function readEndRecord(
  source: ByteSource,
  offsetInParentBytes: number | undefined,
): Promise<EndRecord> {
  const tailBytes = Math.min(source.sizeBytes, TAIL_BYTES);
  const tail = await readExactly(source, source.sizeBytes - tailBytes, tailBytes, "zip: end of the file");
  const found = locateEnd(tail);
  if (found === undefined)
    throw new ArtifactError("artifact.truncated", "zip: has no end of central directory");
  const end = tail.subarray(found.at);
  const endOffset = source.sizeBytes - tailBytes + found.at;
  const problems: string[] = [];
  if (found.rivals > 0) problems.push("has more than one end of central directory");
  const trailing = found.trailing > 0 ? tail.subarray(tail.length - found.trailing) : undefined;
  if (trailing && !isFilling(trailing, source.sizeBytes, offsetInParentBytes ?? 0))
    problems.push(`has ${found.trailing} bytes after its end`);
  if (found.trailing < 0) problems.push("says its comment is longer than the file");
  const plain = {
    disk: end.readUInt16LE(4),
    directoryDisk: end.readUInt16LE(6),
    countOnDisk: end.readUInt16LE(8),
    count: end.readUInt16LE(10),
    directoryBytes: end.readUInt32LE(12),
    directoryOffset: end.readUInt32LE(16),
  };
  const wide = await readZip64(source, endOffset, offsetInParentBytes ?? 0);
  const fields = wide?.fields ?? plain;
  if (wide) {
    const limits = [0xffff, 0xffff, 0xffff, 0xffff, 0xffffffff, 0xffffffff];
    const wideValues = Object.values(wide.fields);
    const lies = Object.values(plain).some((value, at) => value !== limits[at] && value !== wideValues[at]);
    if (lies || wide.displaced) problems.push("has two end records that disagree");
  }
  if (fields.disk !== 0 || fields.directoryDisk !== 0 || fields.count !== fields.countOnDisk)
    throw new ArtifactError("artifact.unsupported", "zip: is split over several disks");
  const actual = (wide?.offset ?? endOffset) - fields.directoryBytes;
  if (actual < 0) throw new ArtifactError("artifact.malformed", "zip: directory is larger than the file");
  const baseOffset = actual - fields.directoryOffset;
  if (baseOffset < 0 && -baseOffset !== (offsetInParentBytes ?? -baseOffset))
    throw new ArtifactError("artifact.malformed", "zip: directory is not where the end record says");
  const { count, directoryBytes } = fields;
  return { count, directoryBytes, directoryOffset: actual, baseOffset, problems };
}

async function readZip64(source: ByteSource, endOffset: number, offsetInParentBytes: number) {
  if (endOffset < LOCATOR_BYTES + ZIP64_END_BYTES) return undefined;
  const locator = await readExactly(source, endOffset - LOCATOR_BYTES, LOCATOR_BYTES, "zip64 locator");
  if (locator.readUInt32LE(0) !== 0x07064b50) return undefined;
  const declared = Number(locator.readBigUInt64LE(8));
  const latest = endOffset - LOCATOR_BYTES - ZIP64_END_BYTES;
  for (const offset of new Set([declared, declared - offsetInParentBytes, latest])) {
    if (offset < 0 || offset > latest) continue;
    const record = await readExactly(source, offset, ZIP64_END_BYTES, "zip64 end record");
    if (record.readUInt32LE(0) !== 0x06064b50) continue;
    const fields = {
      disk: record.readUInt32LE(16),
      directoryDisk: record.readUInt32LE(20),
      countOnDisk: Number(record.readBigUInt64LE(24)),
      count: Number(record.readBigUInt64LE(32)),
      directoryBytes: Number(record.readBigUInt64LE(40)),
      directoryOffset: Number(record.readBigUInt64LE(48)),
    };
    // The record must reach exactly to its locator, or something lies between that one reader skips.
    const reach = offset + 12 + Number(record.readBigUInt64LE(4));
    return { offset, fields, displaced: reach !== endOffset - LOCATOR_BYTES };
  }
  throw new ArtifactError("artifact.malformed", "zip64: end record is not where its locator says");
}
