/** The map of an old GNU sparse member, in its header and in blocks behind it. Source: GNU tar manual, "Old GNU Format". @module */

import type { Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import { BLOCK_BYTES, readSize } from "./header.ts";
import { requireFewPieces, type Sparse, type SparsePiece } from "./sparse.ts";

const PIECES_AT = 386;
const PIECES_IN_HEADER = 4;
const REAL_SIZE_AT = 483;
const PIECES_IN_BLOCK = 21;
const PIECE_BYTES = 24;
const FIELD_BYTES = 12;
const HAS_MORE_AT = { header: 482, block: 504 };

/**
 * Takes the blocks behind the header from the reader.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit`
 */
export async function readGnuMap(
  header: Buffer,
  reader: FrontReader,
  { budget, lie }: { budget: Budget; lie: (because: string) => void },
): Promise<Sparse> {
  const fields = { pieces: [] as SparsePiece[], lie };
  addPieces(fields, header.subarray(PIECES_AT), PIECES_IN_HEADER);
  for (let hasMore = header[HAS_MORE_AT.header] !== 0; hasMore; ) {
    budget.checkTime();
    const block = await reader.exactly(BLOCK_BYTES, "tar: a sparse map");
    addPieces(fields, block, PIECES_IN_BLOCK);
    requireFewPieces(fields.pieces.length);
    hasMore = block[HAS_MORE_AT.block] !== 0;
  }
  const realBytes = sizeIn(header.subarray(REAL_SIZE_AT, REAL_SIZE_AT + FIELD_BYTES), lie);
  return { realBytes, pieces: fields.pieces };
}

interface Fields {
  readonly pieces: SparsePiece[];
  readonly lie: (because: string) => void;
}

/** GNU tar stops at an empty size, others at an empty offset. */
function addPieces({ pieces, lie }: Fields, bytes: Buffer, count: number): void {
  for (let at = 0; at < count * PIECE_BYTES; at += PIECE_BYTES) {
    const offset = bytes.subarray(at, at + FIELD_BYTES);
    const size = bytes.subarray(at + FIELD_BYTES, at + PIECE_BYTES);
    if (offset[0] === 0 || size[0] === 0) {
      if (bytes.subarray(at, count * PIECE_BYTES).some((byte) => byte !== 0))
        lie("has a sparse map that goes on behind its end");
      return;
    }
    pieces.push({ offsetBytes: sizeIn(offset, lie), sizeBytes: sizeIn(size, lie) });
  }
}

function sizeIn(field: Buffer, lie: (because: string) => void): number {
  const { value, isOdd } = readSize(field);
  if (isOdd) lie("has a sparse map that readers take differently");
  return value;
}
