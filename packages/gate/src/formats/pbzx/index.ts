/**
 * pbzx: the payload of newer macOS packages, cut into pieces that are each an xz file or stand as they are.
 * Source: NiklasRosenstein/pbzx, README and `pbzx.c`; Apple never described it.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { xz } from "../xz/index.ts";

const MARK = "pbzx";
const HEADER_BYTES = 12;
const PIECE_HEADER_BYTES = 16;
/** Apple cuts every 16 MiB. */
const MAX_PIECE_BYTES = 2 ** 32;

export const pbzx: Format = {
  id: "pbzx",
  title: "pbzx payload",
  document: "NiklasRosenstein/pbzx, pbzx.c",
  // The size of pieces follows the mark, and its upper half is never used.
  recognise: ({ head }: Glimpse) =>
    head.length >= HEADER_BYTES && head.toString("latin1", 0, 4) === MARK && head.readUInt32BE(4) === 0,
  openStream: openPbzx,
};

async function* openPbzx(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  const header = await reader.exactly(HEADER_BYTES, "pbzx: the header");
  if (header.toString("latin1", 0, 4) !== MARK) throw malformed("it does not begin with its mark");
  yield { name: "content", content: () => unpack(reader, sizeAt(header, 4), context) };
}

/** A piece shorter than the others is the last one. */
async function* unpack(
  reader: FrontReader,
  fullBytes: number,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  for (let isLast = false; ; ) {
    context.budget.checkTime();
    const header = await reader.upTo(PIECE_HEADER_BYTES);
    if (header.length === 0) return;
    if (isLast) throw malformed("bytes stand behind its last piece");
    if (header.length < PIECE_HEADER_BYTES)
      throw new ArtifactError("artifact.truncated", "pbzx: the header of a piece is cut short");
    const sizeBytes = sizeAt(header, 0);
    if (sizeBytes > fullBytes) throw malformed("a piece is larger than its pieces are");
    isLast = sizeBytes < fullBytes;
    yield* unpackPiece(reader, { sizeBytes, packedBytes: sizeAt(header, 8) }, context);
  }
}

/** Pieces that xz would make larger stand as they are, which their equal sizes say. */
async function* unpackPiece(
  reader: FrontReader,
  piece: { sizeBytes: number; packedBytes: number },
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  const raw = take(reader, piece.packedBytes);
  const unpacked = piece.packedBytes === piece.sizeBytes ? raw : unxz(raw, context);
  let foundBytes = 0;
  for await (const bytes of unpacked) {
    foundBytes += bytes.length;
    if (foundBytes > piece.sizeBytes) break;
    yield bytes;
  }
  if (foundBytes !== piece.sizeBytes) throw malformed("a piece unpacks to another size than it says");
  if ((await raw.next()).done !== true) throw malformed("bytes stand behind the data of a piece");
}

async function* unxz(raw: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Uint8Array> {
  for await (const member of xz.openStream?.(raw, context) ?? []) yield* member.content();
}

async function* take(reader: FrontReader, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let left = sizeBytes; left > 0; ) {
    const piece = await reader.piece(left);
    if (piece === undefined) throw new ArtifactError("artifact.truncated", "pbzx: a piece is cut short");
    left -= piece.length;
    yield piece;
  }
}

function sizeAt(bytes: Buffer, offset: number): number {
  const size = bytes.readBigUInt64BE(offset);
  if (size > BigInt(MAX_PIECE_BYTES)) throw malformed("a piece of an impossible size");
  return Number(size);
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `pbzx: ${what}`);
