/**
 * Files with holes: an archive holds the pieces that are not zero, and a map of where they lie. The maps of all forms
 * come together here. Source: GNU tar manual, "Storing Sparse Files".
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import { BLOCK_BYTES } from "./header.ts";

export interface SparsePiece {
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

export interface Sparse {
  /** Of the file with its holes; undefined where nothing says it. */
  readonly realBytes: number | undefined;
  /** Undefined where the map stands in front of the pieces themselves. */
  readonly pieces: readonly SparsePiece[] | undefined;
}

export interface SparseMap {
  readonly realBytes: number;
  readonly pieces: readonly SparsePiece[];
}

type Lie = (because: string) => void;

/** The map is held while its file is read. A file with as many pieces has gained nothing by them. */
const MOST_PIECES = 256 * 1024;
const HOLE_BYTES = 64 * 1024;

/** @throws {@link ArtifactError} `artifact.over-limit` */
export function requireFewPieces(count: number): void {
  if (count > MOST_PIECES)
    throw new ArtifactError("artifact.over-limit", `tar: a sparse map has more than ${MOST_PIECES} pieces`);
}

/**
 * Every reader must place the same bytes at the same places.
 * @param storedBytes - of all pieces, as the archive has them
 * @returns the map when it holds
 */
export function judgeMap(
  { realBytes, pieces }: Sparse,
  storedBytes: number,
  lie: Lie,
): SparseMap | undefined {
  if (realBytes === undefined || pieces === undefined) {
    lie("has a sparse map without a size");
    return undefined;
  }
  let end = 0;
  let sum = 0;
  let isPlacedAlike = true;
  for (const { offsetBytes, sizeBytes } of pieces) {
    if (offsetBytes < end) {
      lie("has a sparse map whose pieces overlap or are out of order");
      return undefined;
    }
    isPlacedAlike &&= sizeBytes === 0 || sum % BLOCK_BYTES === 0;
    end = offsetBytes + sizeBytes;
    sum += sizeBytes;
  }
  // GNU tar begins each piece in a block of its own, others where the one before ends. Holes of real files are whole blocks.
  if (!isPlacedAlike) lie("has a sparse map whose pieces readers take from different places");
  if (end > realBytes) lie("has a sparse map that reaches beyond its size");
  else if (sum !== storedBytes) lie("has other bytes than its sparse map places");
  else return { realBytes, pieces };
  return undefined;
}

/**
 * The file with its holes filled.
 * @param next - gives stored bytes, at most as many as it is asked for
 * @param budget - pays for the holes; `next` pays for the pieces
 */
export async function* fillHoles(
  { realBytes, pieces }: SparseMap,
  next: (most: number) => Promise<Buffer>,
  budget: Budget,
): AsyncGenerator<Buffer> {
  let at = 0;
  for (const { offsetBytes, sizeBytes } of pieces) {
    yield* hole(offsetBytes - at, budget);
    for (let left = sizeBytes; left > 0; ) {
      const piece = await next(left);
      left -= piece.length;
      yield piece;
    }
    at = offsetBytes + sizeBytes;
  }
  yield* hole(realBytes - at, budget);
}

function* hole(sizeBytes: number, budget: Budget): Generator<Buffer> {
  for (let left = sizeBytes; left > 0; ) {
    const zeros = Buffer.alloc(Math.min(left, HOLE_BYTES));
    budget.spendBytes(zeros.length);
    budget.checkTime();
    left -= zeros.length;
    yield zeros;
  }
}
