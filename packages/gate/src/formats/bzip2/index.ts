/** bzip2 files: streams one after the other, each of sorted blocks. Source: the bzip2 1.0.8 sources. @module */

import { ArtifactError, type JsonObject } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { BitInput, LARGEST_BLOCK_BYTES } from "./bit-input.ts";
import { Block } from "./block.ts";
import { damaged } from "./huffman.ts";

/** The first digits of pi begin a block, those of its square root the end. */
const BLOCK_MARK = 0x314159265359;
const END_MARK = 0x177245385090;
const LEVEL_BYTES = 100_000;

export const bzip2: Format = {
  id: "bzip2",
  title: "bzip2 file",
  document: "bzip2 1.0.8 sources",
  recognise: ({ head }: Glimpse) =>
    head.length >= 10 && isStreamMark(head) && [BLOCK_MARK, END_MARK].includes(head.readUIntBE(4, 6)),
  openStream: openBzip2,
};

const isStreamMark = (bytes: Buffer): boolean => /^BZh[1-9]$/.test(bytes.toString("latin1", 0, 4));

async function* openBzip2(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpackBzip2(reader, context) };
}

/** What a decoder of streams needs of its container. */
export type Bzip2Context = Pick<OpenContext, "budget" | "maxHeldBytes" | "report">;

/** Unpacks streams up to the end of the bytes. */
export async function* unpackBzip2(reader: FrontReader, context: Bzip2Context): AsyncGenerator<Buffer> {
  do {
    context.budget.checkTime();
    const mark = await reader.exactly(4, "bzip2: the header");
    if (!isStreamMark(mark)) throw damaged();
    yield* unpackStream(new BitInput(reader), (mark.readUInt8(3) - 0x30) * LEVEL_BYTES, context);
  } while (await startsStream(reader, context));
}

async function* unpackStream(
  input: BitInput,
  blockBytes: number,
  context: Bzip2Context,
): AsyncGenerator<Buffer> {
  requireMemory(blockBytes, context);
  let block: Block | undefined;
  let combined = 0;
  for (;;) {
    await input.fill(context.budget);
    const mark = input.take(24) * 2 ** 24 + input.take(24);
    const crc = input.take32();
    input.requireInput();
    if (mark === END_MARK) {
      if (crc !== combined) report(context, "does not have the checksum it gives for all its blocks");
      return input.release();
    }
    if (mark !== BLOCK_MARK) throw damaged();
    block ??= new Block(blockBytes);
    readBlock(block, input);
    for (const piece of block.content()) {
      context.budget.spendBytes(piece.length);
      yield piece;
    }
    if (block.crc !== crc) report(context, "does not have the checksum its block gives");
    combined = (((combined << 1) | (combined >>> 31)) ^ crc) >>> 0;
  }
}

/** Reading beyond the end finds zeros, so that what looks damaged may be cut short. */
function readBlock(block: Block, input: BitInput): void {
  try {
    block.read(input);
  } catch (error) {
    input.requireInput();
    throw error;
  }
  input.requireInput();
}

/** Before it is taken: four bytes for each byte of a block, and the packed bytes that are held. */
function requireMemory(blockBytes: number, context: Bzip2Context): void {
  const needed = 4 * blockBytes + 4 * LARGEST_BLOCK_BYTES;
  if (needed > context.maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `bzip2: a block needs ${needed} bytes at once, ${context.maxHeldBytes} are allowed`,
    );
}

/** bzip2(1) joins streams and warns about anything else; zeros fill a tape's block. */
async function startsStream(reader: FrontReader, context: Bzip2Context): Promise<boolean> {
  const offsetBytes = reader.offsetBytes;
  const mark = await reader.upTo(4);
  reader.unread(mark);
  if (isStreamMark(mark)) return true;
  const { lengthBytes, isZero } = await judgeRest(reader, () => context.budget.checkTime());
  if (!isZero)
    report(context, `has ${lengthBytes} bytes after its compressed data`, { offsetBytes, lengthBytes });
  return false;
}

function report(context: Bzip2Context, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
