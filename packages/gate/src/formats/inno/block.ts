/**
 * The compressed blocks of an installer's header and engine: a size and a flag with a checksum, then pieces of 4 KiB
 * with a checksum each. Source: Inno Setup, Projects/Src/Compression.Base.pas (`TCompressedBlockReader`).
 * @module
 */

import { crc32 } from "node:zlib";
import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { unpackLzma } from "../xz/lzma-stream.ts";

const PIECE_BYTES = 4096;

export interface Block {
  /** Unpacked, to its end. */
  content(): AsyncIterable<Buffer>;
  /** Where the block ends in the program. */
  readonly end: number;
}

/**
 * @param unpackedBytes - of the content, where it is known
 * @throws {@link ArtifactError} `artifact.malformed` for a wrong checksum, `artifact.truncated`
 */
export async function readBlock(
  program: ByteSource,
  { offset, sizeBytes, unpackedBytes }: { offset: number; sizeBytes: 4 | 8; unpackedBytes?: number },
  context: OpenContext,
): Promise<Block> {
  const head = await readExactly(program, offset, 4 + sizeBytes + 1, "Inno Setup: a block");
  if (crc32(head.subarray(4)) !== head.readUInt32LE(0))
    throw malformed("a block's header does not have its checksum");
  const stored = sizeBytes === 4 ? head.readUInt32LE(4) : Number(head.readBigUInt64LE(4));
  const start = offset + head.length;
  const end = start + stored;
  if (end > program.sizeBytes)
    throw new ArtifactError("artifact.truncated", "Inno Setup: a block is cut short");
  const isPacked = head.readUInt8(head.length - 1) !== 0;
  const { budget, maxHeldBytes } = context;
  return {
    end,
    content: () => {
      const pieces = checkPieces(new FrontReader(program.stream(start, stored)), context);
      if (!isPacked) return pieces;
      return unpackLzma(new FrontReader(pieces), { budget, maxHeldBytes, sizeBytes: unpackedBytes });
    },
  };
}

async function* checkPieces(reader: FrontReader, { budget }: OpenContext): AsyncGenerator<Buffer> {
  for (;;) {
    budget.checkTime();
    const sum = await reader.upTo(4);
    if (sum.length === 0) return;
    const piece = await reader.upTo(PIECE_BYTES);
    if (sum.length < 4 || piece.length === 0) throw malformed("a block ends inside a checksum");
    if (crc32(piece) !== sum.readUInt32LE(0)) throw malformed("a block's piece does not have its checksum");
    yield piece;
  }
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Inno Setup: ${what}`);
