/** LZ4 files: frames one behind the other. Sources: LZ4 Frame Format Description 1.6.4, LZ4 Block Format Description. @module */

import { ArtifactError, type JsonObject } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { BlockOutput } from "./block-output.ts";
import { FRAME_MAGIC, type Frame, LEGACY_BLOCK_BYTES, LEGACY_MAGIC, readFrameHeader } from "./frame.ts";
import { XxHash32 } from "./xxhash.ts";

const PLAIN = 0x80000000;
/** Larger ones are told of: a user's own data, which every decoder passes over. */
const LARGEST_SKIPPED_BYTES = 4096;

export const lz4: Format = {
  id: "lz4",
  title: "LZ4 file",
  document: "LZ4 Frame Format Description 1.6.4",
  recognise: ({ head }: Glimpse) =>
    head.length >= 7 && [FRAME_MAGIC, LEGACY_MAGIC].includes(head.readUInt32LE(0)),
  openStream: openLz4,
};

async function* openLz4(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpack(reader, context) };
}

async function* unpack(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  for (;;) {
    context.budget.checkTime();
    const offsetBytes = reader.offsetBytes;
    const mark = await reader.upTo(4);
    if (mark.length === 0) return;
    const magic = mark.length === 4 ? mark.readUInt32LE(0) : 0;
    if (magic === FRAME_MAGIC) yield* unpackFrame(reader, context);
    else if (magic === LEGACY_MAGIC) yield* unpackLegacy(reader, context);
    else if (magic >>> 4 === 0x184d2a5) await skip(reader, context);
    else {
      reader.unread(mark);
      const { lengthBytes } = await judgeRest(reader, () => context.budget.checkTime());
      report(context, `has ${lengthBytes} bytes after its compressed data`, { offsetBytes, lengthBytes });
      return;
    }
  }
}

async function* unpackFrame(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  const frame = await readFrameHeader(reader);
  const output = new BlockOutput(frame.blockBytes, context);
  const hash = new XxHash32();
  let sizeBytes = 0n;
  for (;;) {
    context.budget.checkTime();
    const field = (await reader.exactly(4, "lz4: a block")).readUInt32LE(0);
    if (field === 0) break;
    const piece = await readBlock(reader, { field, frame, output, context });
    if (frame.hasContentChecksum) hash.update(piece);
    sizeBytes += BigInt(piece.length);
    yield piece;
  }
  if (frame.hasContentChecksum) {
    const checksum = await reader.exactly(4, "lz4: the checksum");
    if (checksum.readUInt32LE(0) !== hash.digest())
      report(context, "does not have the checksum its frame gives");
  }
  if (frame.contentBytes !== undefined && frame.contentBytes !== sizeBytes)
    report(context, "does not have the size its frame gives");
}

interface BlockPlace {
  readonly field: number;
  readonly frame: Frame;
  readonly output: BlockOutput;
  readonly context: OpenContext;
}

async function readBlock(
  reader: FrontReader,
  { field, frame, output, context }: BlockPlace,
): Promise<Buffer> {
  const isPlain = field >= PLAIN;
  const packedBytes = isPlain ? field - PLAIN : field;
  if (packedBytes > frame.blockBytes)
    throw new ArtifactError("artifact.malformed", "lz4: a block is larger than its frame allows");
  const packed = await reader.exactly(packedBytes, "lz4: a block");
  if (frame.hasBlockChecksums) {
    const checksum = await reader.exactly(4, "lz4: a block's checksum");
    if (checksum.readUInt32LE(0) !== new XxHash32().update(packed).digest())
      report(context, "does not have the checksum its block gives");
  }
  if (!frame.areBlocksLinked) output.forget();
  return isPlain ? output.keep(packed) : output.decode(packed);
}

/** Ends with the file, or where another frame begins: no block can be as long as its mark would say. */
async function* unpackLegacy(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  const output = new BlockOutput(LEGACY_BLOCK_BYTES, context);
  const mostPackedBytes = LEGACY_BLOCK_BYTES + Math.floor(LEGACY_BLOCK_BYTES / 255) + 16;
  for (;;) {
    context.budget.checkTime();
    const field = await reader.upTo(4);
    if (field.length === 0) return;
    if (field.length < 4) throw new ArtifactError("artifact.truncated", "lz4: a block is cut short");
    if (field.readUInt32LE(0) > mostPackedBytes) {
      reader.unread(field);
      return;
    }
    const packed = await reader.exactly(field.readUInt32LE(0), "lz4: a block");
    output.forget();
    yield output.decode(packed);
  }
}

async function skip(reader: FrontReader, context: OpenContext): Promise<void> {
  const offsetBytes = reader.offsetBytes - 4;
  const lengthBytes = (await reader.exactly(4, "lz4: a skippable frame")).readUInt32LE(0);
  if (lengthBytes > LARGEST_SKIPPED_BYTES)
    report(context, `has ${lengthBytes} bytes that every decoder passes over`, { offsetBytes, lengthBytes });
  for (let missing = lengthBytes; missing > 0; ) {
    context.budget.checkTime();
    const piece = await reader.piece(missing);
    if (piece === undefined)
      throw new ArtifactError("artifact.truncated", "lz4: a skippable frame is cut short");
    missing -= piece.length;
  }
}

function report(context: OpenContext, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
