/**
 * Page hashes: a digest for each page of the image, checked by Windows while it loads them. When present they must be
 * right too, or Windows and we would judge different bytes.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format, "Page Hash"; verified against signtool
 * and osslsigncode output.
 * @module
 */

import { createHash } from "node:crypto";
import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import type { PeHeaders } from "../../formats/pe/headers.ts";
import { coveredRanges } from "./image-digest.ts";
import type { PageHashes } from "./indirect-data.ts";

const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/**
 * Compares every page with the table that was signed.
 * @returns what is wrong, or undefined
 * @throws {@link ArtifactError} `artifact.truncated` when a section reaches past the end of the file
 */
export async function verifyPageHashes(
  source: ByteSource,
  headers: PeHeaders,
  pageHashes: PageHashes,
  budget: Budget,
): Promise<string | undefined> {
  const pageBytes = headers.sectionAlignmentBytes;
  if (pageBytes < 512 || pageBytes > MAX_PAGE_BYTES) return "the image has pages of an impossible size";
  const sections = headers.sections.filter((section) => section.rawSizeBytes > 0);
  const count = sections.reduce((sum, section) => sum + Math.ceil(section.rawSizeBytes / pageBytes), 0);
  const rowBytes = 4 + createHash(pageHashes.digestName).digest().length;
  const { table } = pageHashes;
  if (table.length !== (count + 2) * rowBytes)
    return `the table has ${table.length} bytes where ${count + 1} pages need ${(count + 2) * rowBytes}`;
  const row = (index: number) => table.subarray(index * rowBytes, (index + 1) * rowBytes);
  if (!row(0).equals(writeRow(0, await hashHeaders(source, headers, pageHashes, pageBytes))))
    return "the digest of the headers' page does not match";
  let index = 0;
  for (const section of sections)
    for (let at = 0; at < section.rawSizeBytes; at += pageBytes) {
      budget.checkTime();
      index += 1;
      const offset = section.rawOffsetBytes + at;
      const sizeBytes = Math.min(pageBytes, section.rawSizeBytes - at);
      const bytes = await readExactly(source, offset, sizeBytes, "PE: section");
      const hash = createHash(pageHashes.digestName)
        .update(bytes)
        .update(Buffer.alloc(pageBytes - sizeBytes));
      if (!row(index).equals(writeRow(offset, hash.digest())))
        return `the digest of the page at offset ${offset} does not match`;
    }
  const last = sections.at(-1);
  const end = last === undefined ? 0 : last.rawOffsetBytes + last.rawSizeBytes;
  if (!row(count + 1).equals(writeRow(end, Buffer.alloc(rowBytes - 4))))
    return "the table does not end where the last section ends";
  return undefined;
}

/** The headers, without the fields that signing changes, filled up to a page. */
async function hashHeaders(
  source: ByteSource,
  headers: PeHeaders,
  pageHashes: PageHashes,
  pageBytes: number,
) {
  const end = headers.sizeOfHeadersBytes;
  const bytes = await readExactly(source, 0, end, "PE: headers");
  const hash = createHash(pageHashes.digestName);
  for (const { offsetBytes, sizeBytes } of coveredRanges(headers, source.sizeBytes))
    if (offsetBytes < end) hash.update(bytes.subarray(offsetBytes, Math.min(end, offsetBytes + sizeBytes)));
  return hash.update(Buffer.alloc(Math.max(0, pageBytes - end))).digest();
}

function writeRow(offsetBytes: number, digest: Buffer): Buffer {
  const offset = Buffer.alloc(4);
  offset.writeUInt32LE(offsetBytes);
  return Buffer.concat([offset, digest]);
}
