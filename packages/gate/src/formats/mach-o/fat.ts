/**
 * Universal ("fat") files: a table of slices, one for each processor. All numbers are big-endian.
 * Source: Apple, mach-o/fat.h.
 * @module
 */

import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { isKnown, type Processor } from "./processors.ts";

export interface FatFile {
  /** Of the table of slices. */
  readonly tableEndBytes: number;
  /** In the table's order. */
  readonly slices: readonly Slice[];
}

export interface Slice extends Processor {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

const FAT_MAGIC = 0xcafebabe;
const FAT_MAGIC_64 = 0xcafebabf;
const HEADER_BYTES = 8;
const ROW_BYTES = 20;
const ROW_64_BYTES = 32;
/** The kernel reads one page of table and no more: 204 rows. There are some ten kinds of processor. */
const MAX_SLICES = 204;
/** A Java class file has its version here, which began at 45. */
const FIRST_CLASS_VERSION = 45;

/**
 * Java class files begin with the same mark. What they have where the table counts its slices is their version, and
 * then the size and first tag of their constants. No tag is 0, and no type of processor has another byte there.
 * @param head - of the file, as much as a glimpse holds of it
 */
export function isFat(head: Buffer, fileBytes: number): boolean {
  if (head.length < HEADER_BYTES) return false;
  const magic = head.readUInt32BE(0);
  if (magic !== FAT_MAGIC) return magic === FAT_MAGIC_64;
  const count = head.readUInt32BE(4);
  if (count < FIRST_CLASS_VERSION || head.length < 11 || head[10] === 0) return true;
  return count <= MAX_SLICES && hasPlausibleSlice(head, count, fileBytes);
}

/** The kernel takes the first slice it can run, whatever stands before it: a file may be a class and a program at once. */
function hasPlausibleSlice(head: Buffer, count: number, fileBytes: number): boolean {
  const tableEnd = HEADER_BYTES + count * ROW_BYTES;
  const rows = head.subarray(HEADER_BYTES, tableEnd);
  for (let at = 0; at + ROW_BYTES <= rows.length; at += ROW_BYTES) {
    const slice = readSlice(rows, at, false);
    const { offsetBytes, sizeBytes } = slice;
    const fits = offsetBytes >= tableEnd && offsetBytes + sizeBytes <= fileBytes;
    if (isKnown(slice) && fits && sizeBytes > 0 && rows.readUInt32BE(at + 16) < 32) return true;
  }
  return false;
}

/**
 * Reads the table.
 * @throws {@link ArtifactError} `artifact.malformed` when it has no slices or more than the kernel reads,
 * `artifact.truncated` when the file ends inside it
 */
export async function readFat(source: ByteSource): Promise<FatFile> {
  const header = await readExactly(source, 0, HEADER_BYTES, "Mach-O: universal header");
  const wide = header.readUInt32BE(0) === FAT_MAGIC_64;
  const count = header.readUInt32BE(4);
  if (count === 0 || count > MAX_SLICES)
    throw new ArtifactError("artifact.malformed", `Mach-O: ${count} slices in a universal file`);
  const rowBytes = wide ? ROW_64_BYTES : ROW_BYTES;
  const table = await readExactly(source, HEADER_BYTES, count * rowBytes, "Mach-O: table of slices");
  return {
    tableEndBytes: HEADER_BYTES + table.length,
    slices: Array.from({ length: count }, (_, index) => readSlice(table, index * rowBytes, wide)),
  };
}

/** Inexact above 2^53, which is past the end of every file. */
const readSlice = (table: Buffer, at: number, wide: boolean): Slice => ({
  type: table.readUInt32BE(at),
  subtype: table.readUInt32BE(at + 4),
  offsetBytes: wide ? Number(table.readBigUInt64BE(at + 8)) : table.readUInt32BE(at + 8),
  sizeBytes: wide ? Number(table.readBigUInt64BE(at + 16)) : table.readUInt32BE(at + 12),
});

/** End of the table and of every slice. */
export const fatEndBytes = ({ tableEndBytes, slices }: FatFile): number =>
  slices.reduce((end, { offsetBytes, sizeBytes }) => Math.max(end, offsetBytes + sizeBytes), tableEndBytes);

export const isInFile = ({ offsetBytes, sizeBytes }: Slice, source: ByteSource): boolean =>
  Number.isSafeInteger(offsetBytes + sizeBytes) && offsetBytes + sizeBytes <= source.sizeBytes;
