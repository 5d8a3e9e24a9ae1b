/**
 * The member of a zip that holds the signature over the rest: no digest covers its own headers, so these hold nothing
 * beyond what a zip needs. Source: APPNOTE 6.3.10 §4.3.7, §4.3.12.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import type { ZipEntry, ZipLookup } from "../formats/zip/lookup.ts";

/** Deflate adds less than this to what it cannot make smaller. */
const MAX_PACKING_BYTES = 1024;

export interface DirectoryRecord {
  /** Counted from the directory's beginning. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/** The records of the directory as they stand in it, by the entries in its order. */
export function directoryRecords(directory: Buffer, zip: ZipLookup): ReadonlyMap<ZipEntry, DirectoryRecord> {
  const records = new Map<ZipEntry, DirectoryRecord>();
  let at = 0;
  for (const entry of zip.entries) {
    const end =
      at +
      46 +
      directory.readUInt16LE(at + 28) +
      directory.readUInt16LE(at + 30) +
      directory.readUInt16LE(at + 32);
    records.set(entry, { offset: at, bytes: directory.subarray(at, end) });
    at = end;
  }
  return records;
}

/** @returns the finding of check `certificate-table` when bytes stand beside the signature in its member */
export async function findLooseBytes(
  source: ByteSource,
  zip: ZipLookup,
  signature: ZipEntry,
): Promise<readonly Finding[]> {
  const { headerOffset, dataOffset } = await zip.place(signature);
  const header = await readExactly(source, headerOffset, dataOffset - headerOffset, "zip: header");
  const nameBytes = signature.rawName.length;
  const extra = header.subarray(30 + nameBytes);
  const { end } = zip;
  const directory = await readExactly(source, end.directoryOffset, end.directoryBytes, "zip: directory");
  const record = directoryRecords(directory, zip).get(signature)?.bytes ?? Buffer.alloc(46 + nameBytes);
  const listedExtra = record.subarray(46 + nameBytes, 46 + nameBytes + record.readUInt16LE(30));
  const comment = record.subarray(46 + nameBytes + listedExtra.length);
  const packingBytes = Math.max(0, signature.packedBytes - signature.sizeBytes);
  const isLoose = !isWideField(extra) || !isWideField(listedExtra) || comment.length > 0;
  if (!isLoose && packingBytes <= MAX_PACKING_BYTES) return [];
  const lengthBytes = extra.length + listedExtra.length + comment.length + packingBytes;
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: "bytes stand beside the signature, in its member, that nothing covers",
      facts: { offsetBytes: headerOffset, lengthBytes },
    },
  ];
}

/** Nothing, or the sizes that did not fit (APPNOTE §4.5.3). */
const isWideField = (extra: Buffer): boolean =>
  extra.length === 0 ||
  (extra.length >= 4 &&
    extra.length <= 32 &&
    extra.readUInt16LE(0) === 1 &&
    extra.readUInt16LE(2) === extra.length - 4);
