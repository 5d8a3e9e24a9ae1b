/**
 * Archives behind other bytes. 7-Zip and WinRAR look for their marks anywhere in the first megabytes of a file, so that
 * a picture with an archive behind it is an archive to them. A mark alone proves nothing: the header behind it has a
 * checksum. Sources: 7-Zip 23.01, DOC/7zFormat.txt; RARLAB, "RAR 5.0 archive format"; for RAR 4, its technote.txt.
 * @module
 */

import { crc32 } from "node:zlib";
import { asBuffer, type ByteSource, RangeSource } from "@sallyport/core";
import type { Member } from "../formats/format.ts";

export interface EmbeddedArchive {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** As far as those programs look. */
const SEARCHED_BYTES = 8 * 1024 * 1024;
const MOST_CANDIDATES = 1000;
/** The largest header that is looked at here. */
const HEADER_BYTES = 4096;

interface Mark {
  readonly bytes: Buffer;
  /** @returns how long the archive is, or at most; undefined when the header is none */
  measure(header: Buffer, restBytes: number): number | undefined;
}

const MARKS: readonly Mark[] = [
  { bytes: Buffer.from("377abcaf271c00", "hex"), measure: measureSevenZip },
  // What both generations of RAR begin with: each is told by its own bytes behind that, and the bytes are searched once.
  {
    bytes: Buffer.from("526172211a07", "hex"),
    measure: (header, restBytes) => (isRar4(header) || isRar5(header) ? restBytes : undefined),
  },
];

/** The archive as a member of what stands around it. */
export async function* embeddedMembers(source: ByteSource): AsyncGenerator<Member> {
  const archive = await findEmbeddedArchive(source);
  if (archive === undefined) return;
  const range = new RangeSource(source, archive.offsetBytes, archive.sizeBytes);
  yield {
    name: `[archive at ${archive.offsetBytes}]`,
    claimedBytes: archive.sizeBytes,
    isCarried: true,
    range: { source: range, offsetInParentBytes: archive.offsetBytes },
    content: () => range.stream(),
  };
}

/** @returns the first archive that does not begin where the file does; undefined when there is none */
export async function findEmbeddedArchive(source: ByteSource): Promise<EmbeddedArchive | undefined> {
  const bytes = asBuffer(await source.read(0, Math.min(source.sizeBytes, SEARCHED_BYTES)));
  const found = MARKS.map((mark) => findMark(bytes, mark, source.sizeBytes)).filter(
    (archive) => archive !== undefined,
  );
  return found.sort((a, b) => a.offsetBytes - b.offsetBytes)[0];
}

function findMark(bytes: Buffer, mark: Mark, fileBytes: number): EmbeddedArchive | undefined {
  let at = bytes.indexOf(mark.bytes, 1);
  for (let count = 0; at > 0 && count < MOST_CANDIDATES; count += 1) {
    const sizeBytes = mark.measure(bytes.subarray(at, at + HEADER_BYTES), fileBytes - at);
    if (sizeBytes !== undefined) return { offsetBytes: at, sizeBytes };
    at = bytes.indexOf(mark.bytes, at + 1);
  }
  return undefined;
}

/** The start header gives the place and size of the end header, which is the last thing in the archive. */
function measureSevenZip(header: Buffer, restBytes: number): number | undefined {
  if (header.length < 32 || crc32(header.subarray(12, 32)) !== header.readUInt32LE(8)) return undefined;
  const end = 32 + Number(header.readBigUInt64LE(12)) + Number(header.readBigUInt64LE(20));
  return end <= restBytes ? end : undefined;
}

/** The main header: a checksum of 16 bits, the type 0x73, flags, and a size. */
function isRar4(header: Buffer): boolean {
  if (header.length < 14 || header.readUInt8(6) !== 0 || header.readUInt8(9) !== 0x73) return false;
  const sizeBytes = header.readUInt16LE(12);
  if (sizeBytes < 7 || 7 + sizeBytes > header.length) return false;
  return (crc32(header.subarray(9, 7 + sizeBytes)) & 0xffff) === header.readUInt16LE(7);
}

/** A checksum, then the size of the header as a number of seven bits a byte, then the header. */
function isRar5(header: Buffer): boolean {
  if (header.length < 16 || header.readUInt16BE(6) !== 0x0100) return false;
  let sizeBytes = 0;
  let at = 12;
  for (let shift = 0; shift < 21; shift += 7, at += 1) {
    const byte = header[at] ?? 0;
    sizeBytes += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const end = at + 1 + sizeBytes;
  return sizeBytes > 0 && end <= header.length && crc32(header.subarray(12, end)) === header.readUInt32LE(8);
}
