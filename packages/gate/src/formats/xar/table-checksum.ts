/**
 * Does the checksum of the table of contents match, and do header and table speak of the same one? Old readers could be
 * told "none" by the header alone. Source: Apple, xar 1.8, `lib/archive.c`, `xar_open`.
 * @module
 */

import { createHash } from "node:crypto";
import { type ByteSource, readExactly } from "@sallyport/core";
import type { Finding } from "../../finding.ts";
import { lie } from "../layout-findings.ts";
import type { XarTable } from "./table.ts";

const LENGTHS: ReadonlyMap<string, number> = new Map([
  ["md5", 16],
  ["sha1", 20],
  ["sha224", 28],
  ["sha256", 32],
  ["sha384", 48],
  ["sha512", 64],
]);

/** The digest of the table as it stands in the file; undefined when it is of a kind that is not known here. */
export const digestTable = ({ packed }: XarTable, style: string): Buffer | undefined =>
  LENGTHS.has(style) ? createHash(style).update(packed).digest() : undefined;

export async function judgeChecksum(source: ByteSource, table: XarTable): Promise<readonly Finding[]> {
  const { header, checksum, heapOffsetBytes } = table;
  const facts = { header: header.checksum ?? "unknown", table: checksum?.style ?? "none" };
  if ((checksum?.style ?? "none") !== header.checksum)
    return [lie("its header and its table of contents name different checksums", facts)];
  if (checksum === undefined || checksum.style === "none") return [];
  const digest = digestTable(table, checksum.style);
  if (digest === undefined) return [];
  if (checksum.sizeBytes !== digest.length)
    return [lie("the checksum of its table of contents has another length than its kind", facts)];
  const place = heapOffsetBytes + checksum.offsetBytes;
  if (place + digest.length > source.sizeBytes) return [];
  const stored = await readExactly(source, place, digest.length, "xar: checksum");
  return stored.equals(digest)
    ? []
    : [lie("its table of contents does not have the checksum that is stored", facts)];
}
