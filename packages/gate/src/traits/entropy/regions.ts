/**
 * Regions that read like noise: packed, encrypted, or random by nature. Shannon entropy of each block; code has about 6.5
 * bits per byte, random bytes in blocks of this size 7.9.
 * @module
 */

import { asBuffer, type Budget, type ByteSource, CHUNK_BYTES } from "@sallyport/core";

export interface DenseRegion {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
  /** The container of packed data whose mark stands at its beginning: `PNG`. */
  readonly begins?: string;
  /** First bytes, hex. */
  readonly hex: string;
}

export interface Density {
  /** The largest ones, in the order of the file. */
  readonly regions: readonly DenseRegion[];
  readonly regionCount: number;
  readonly denseBytes: number;
  /** Of these with a mark at their beginning. */
  readonly knownBytes: number;
}

export const BLOCK_BYTES = 2048;
const DENSE_BITS = 7.6;
/** A single block can be a table of something. */
const LEAST_REGION_BYTES = 2 * BLOCK_BYTES;
const MOST_KEPT = 32;

/** Where the sum of `count * log2(count)` comes from. */
const WEIGHTS = Float64Array.from({ length: BLOCK_BYTES + 1 }, (_, count) =>
  count === 0 ? 0 : count * Math.log2(count),
);

export async function findDense(source: ByteSource, budget: Budget): Promise<Density> {
  const regions: DenseRegion[] = [];
  let start = -1;
  const close = async (end: number): Promise<void> => {
    if (start >= 0 && end - start >= LEAST_REGION_BYTES) regions.push(await describe(source, start, end));
    start = -1;
  };
  const counts = new Uint32Array(256);
  let offset = 0;
  for (; offset + BLOCK_BYTES <= source.sizeBytes; ) {
    budget.checkTime();
    const piece = asBuffer(await source.read(offset, CHUNK_BYTES));
    for (let at = 0; at + BLOCK_BYTES <= piece.length; at += BLOCK_BYTES) {
      const isDense = blockEntropy(piece, at, counts) >= DENSE_BITS;
      if (isDense && start < 0) start = offset + at;
      else if (!isDense && start >= 0) await close(offset + at);
    }
    offset += piece.length - (piece.length % BLOCK_BYTES);
  }
  await close(offset);
  return summarise(regions);
}

function blockEntropy(piece: Buffer, start: number, counts: Uint32Array): number {
  counts.fill(0);
  const end = start + BLOCK_BYTES;
  for (let at = start; at < end; at += 1) {
    const byte = piece[at] ?? 0;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  let sum = 0;
  for (let byte = 0; byte < 256; byte += 1) sum += WEIGHTS[counts[byte] ?? 0] ?? 0;
  return Math.log2(BLOCK_BYTES) - sum / BLOCK_BYTES;
}

function summarise(regions: readonly DenseRegion[]): Density {
  const total = (some: readonly DenseRegion[]): number =>
    some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const largest = regions.toSorted((a, b) => b.sizeBytes - a.sizeBytes).slice(0, MOST_KEPT);
  return {
    regions: largest.toSorted((a, b) => a.offsetBytes - b.offsetBytes),
    regionCount: regions.length,
    denseBytes: total(regions),
    knownBytes: total(regions.filter(({ begins }) => begins !== undefined)),
  };
}

/** Marks of packed data, in hex. The mark stands in the first block or in the one before, which it makes less dense. */
const MARKS: readonly (readonly [string, string])[] = [
  ["PNG", "89504e470d0a1a0a"],
  ["ZIP", "504b0304"],
  ["gzip", "1f8b08"],
  ["XZ", "fd377a585a00"],
  ["Zstandard", "28b52ffd"],
  ["bzip2", "425a6839314159265359"],
  ["7-Zip", "377abcaf271c"],
  ["WOFF2", "774f4632"],
  ["WOFF", "774f4646"],
  ["JPEG", "ffd8ffe0"],
  ["JPEG", "ffd8ffe1"],
  ["RIFF", "52494646"],
  ["Ogg", "4f676753"],
  ["cabinet", "4d534346"],
  ["LZ4", "04224d18"],
];

async function describe(source: ByteSource, start: number, end: number): Promise<DenseRegion> {
  const from = Math.max(0, start - BLOCK_BYTES);
  const head = asBuffer(await source.read(from, 2 * BLOCK_BYTES));
  const mark = MARKS.find(([, hex]) => head.includes(Buffer.from(hex, "hex")));
  const hex = head.toString("hex", start - from, start - from + 32);
  return {
    offsetBytes: start,
    sizeBytes: end - start,
    hex,
    ...(mark === undefined ? {} : { begins: mark[0] }),
  };
}
