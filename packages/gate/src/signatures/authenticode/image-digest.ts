/**
 * The digest of a PE image as Authenticode defines it: the whole file but for the checksum, the certificate table and
 * the directory entry that points to it. One pass, whatever the number of digests.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format, "Calculating the PE Image Hash".
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { type Budget, type ByteSource, visitPieces } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import type { FileRange, PeHeaders } from "../../formats/pe/headers.ts";

export interface ImageDigests {
  readonly digests: ReadonlyMap<DigestName, Buffer>;
  /** What the header's checksum should be. Honest files get it wrong; attackers recompute it. */
  readonly checksum: number;
}

/**
 * Reads the image once. An image without a table is filled up with zeros to a multiple of 8, as a signer would do.
 * @throws {@link ArtifactError} `artifact.over-limit` when the time is up
 */
export async function digestImage(
  source: ByteSource,
  headers: PeHeaders,
  algorithms: Iterable<DigestName>,
  budget: Budget,
): Promise<ImageDigests> {
  const hashes = new Map([...algorithms].map((name) => [name, createHash(name)]));
  const covered = coveredRanges(headers, source.sizeBytes);
  let sum = 0;
  // Every piece but the last is a multiple of 4 bytes long.
  await visitPieces(source, (bytes, offset) => {
    budget.checkTime();
    for (const range of covered) updateWith(hashes.values(), bytes, offset, range);
    sum = addWords(sum, bytes);
  });
  if (headers.certificateTable === undefined) {
    const padding = Buffer.alloc((8 - (source.sizeBytes % 8)) % 8);
    for (const hash of hashes.values()) hash.update(padding);
  }
  return {
    digests: new Map([...hashes].map(([name, hash]) => [name, hash.digest()])),
    checksum: foldChecksum(sum, headers, source.sizeBytes),
  };
}

/** The file without its three gaps, in order. */
export function coveredRanges(headers: PeHeaders, fileBytes: number): readonly FileRange[] {
  const gaps: FileRange[] = [{ offsetBytes: headers.checksumOffsetBytes, sizeBytes: 4 }];
  if (headers.securityDirectoryOffsetBytes !== undefined)
    gaps.push({ offsetBytes: headers.securityDirectoryOffsetBytes, sizeBytes: 8 });
  if (headers.certificateTable !== undefined) gaps.push(headers.certificateTable);
  const ranges: FileRange[] = [];
  let at = 0;
  for (const gap of gaps.toSorted((a, b) => a.offsetBytes - b.offsetBytes)) {
    const start = Math.min(gap.offsetBytes, fileBytes);
    if (start > at) ranges.push({ offsetBytes: at, sizeBytes: start - at });
    at = Math.max(at, Math.min(gap.offsetBytes + gap.sizeBytes, fileBytes));
  }
  if (fileBytes > at) ranges.push({ offsetBytes: at, sizeBytes: fileBytes - at });
  return ranges;
}

function updateWith(hashes: Iterable<Hash>, bytes: Uint8Array, offset: number, range: FileRange): void {
  const start = Math.max(0, range.offsetBytes - offset);
  const end = Math.min(bytes.length, range.offsetBytes + range.sizeBytes - offset);
  if (start >= end) return;
  const piece = bytes.subarray(start, end);
  for (const hash of hashes) hash.update(piece);
}

/**
 * The checksum adds 16-bit words and brings the carry around, which is arithmetic modulo 65,535. There 2^16 is 1, so
 * that whole 32-bit words can be added and reduced in the end.
 */
function addWords(sum: number, bytes: Uint8Array): number {
  const wholeBytes = bytes.length & ~3;
  let total = sum;
  if (bytes.byteOffset % 4 === 0) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, wholeBytes / 4);
    total += addAll(words);
  } else {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, wholeBytes);
    for (let at = 0; at < wholeBytes; at += 4) total += view.readUInt32LE(at);
  }
  for (let at = wholeBytes; at < bytes.length; at += 1) total += (bytes[at] ?? 0) << (8 * (at - wholeBytes));
  return total % 0xffff;
}

/**
 * By index: an iterator makes this seven times slower, and the loop sees every byte of the file. In two sums, because
 * each addition waits for the one before. Exact: a piece has fewer than 2^21 words of less than 2^32.
 */
function addAll(words: Uint32Array): number {
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < words.length; at += 2) {
    even += words[at] ?? 0;
    odd += words[at + 1] ?? 0;
  }
  return even + odd + (words.length % 2 === 1 ? (words.at(-1) ?? 0) : 0);
}

/** The checksum's own field counts as zero; the file's length is added last. */
function foldChecksum(sum: number, headers: PeHeaders, fileBytes: number): number {
  const own = ((headers.checksum & 0xffff) + (headers.checksum >>> 16)) % 0xffff;
  const folded = (sum - own + 0xffff) % 0xffff;
  return ((folded === 0 ? 0xffff : folded) + fileBytes) >>> 0;
}
