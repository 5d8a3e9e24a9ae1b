/** xz files: streams one after the other, each of blocks and an index. Source: xz-file-format 1.2.1. @module */

import { ArtifactError, type JsonObject } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, isAllZero, judgeRest } from "../front-reader.ts";
import { BlockList, readIndex } from "./block-list.ts";
import { type BlockHeader, malformed, readBlockHeader, readStreamHeader, STREAM_MAGIC } from "./container.ts";
import { startCheck } from "./content-check.ts";
import { applyFilter } from "./filters/filter.ts";
import { startFilter } from "./filters/index.ts";
import { unpackLzma2 } from "./lzma2.ts";
import { Window, windowBytes } from "./window.ts";

export const xz: Format = {
  id: "xz",
  title: "xz file",
  document: "xz-file-format 1.2.1",
  recognise: ({ head }: Glimpse) => head.subarray(0, STREAM_MAGIC.length).equals(STREAM_MAGIC),
  openStream: openXz,
};

async function* openXz(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpackXz(reader, context) };
}

/** What a decoder of streams needs of its container. */
export type XzContext = Pick<OpenContext, "budget" | "maxHeldBytes" | "report">;

/** Unpacks streams up to the end of the bytes. */
export async function* unpackXz(reader: FrontReader, context: XzContext): AsyncGenerator<Buffer> {
  let window: Window | undefined;
  do {
    const streamFlags = await readStreamHeader(reader);
    const blocks = new BlockList();
    for (;;) {
      context.budget.checkTime();
      const header = await readBlockHeader(reader);
      if (header === undefined) break;
      window = windowFor(header, window, context);
      yield* unpackBlock(reader, { header, window, blocks, checkId: streamFlags.readUInt8(1), context });
    }
    await readIndex(reader, blocks, { streamFlags, budget: context.budget });
  } while (await startsStream(reader, context));
}

interface Block {
  readonly header: BlockHeader;
  readonly window: Window;
  readonly blocks: BlockList;
  readonly checkId: number;
  readonly context: XzContext;
}

async function* unpackBlock(reader: FrontReader, block: Block): AsyncGenerator<Buffer> {
  const { header, context } = block;
  const check = startCheck(block.checkId);
  const startBytes = reader.offsetBytes;
  let sizeBytes = 0;
  for await (const piece of unpackFiltered(reader, block)) {
    sizeBytes += piece.length;
    check.update(piece);
    yield piece;
  }
  const packedBytes = reader.offsetBytes - startBytes;
  const padding = await reader.exactly((4 - (packedBytes % 4)) % 4, "xz: the padding of a block");
  if (!isAllZero(padding)) throw malformed("a block's padding is not zero");
  const digest = await reader.exactly(check.sizeBytes, "xz: the checksum");
  if (!digest.equals(check.digest())) report(context, "does not have the checksum its block gives");
  if ((header.packedBytes ?? packedBytes) !== packedBytes || (header.sizeBytes ?? sizeBytes) !== sizeBytes)
    report(context, "does not have the size its block gives");
  block.blocks.add(header.headerBytes + packedBytes + check.sizeBytes, sizeBytes);
}

/** The filter that was applied last is undone first. */
function unpackFiltered(reader: FrontReader, { header, window, context }: Block): AsyncIterable<Buffer> {
  const packed: AsyncIterable<Buffer> = unpackLzma2(reader, window, context.budget);
  return header.filters.map(startFilter).reduceRight((pieces, filter) => applyFilter(pieces, filter), packed);
}

/** Before the memory is taken. */
function windowFor(header: BlockHeader, window: Window | undefined, context: XzContext): Window {
  if (window?.dictionaryBytes === header.dictionaryBytes) return window;
  const needed = windowBytes(header.dictionaryBytes);
  if (needed > context.maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `xz: the dictionary needs ${needed} bytes at once, ${context.maxHeldBytes} are allowed`,
    );
  return new Window(header.dictionaryBytes);
}

/** §2: streams may follow, after zeros in groups of four. */
async function startsStream(reader: FrontReader, context: XzContext): Promise<boolean> {
  for (;;) {
    context.budget.checkTime();
    const offsetBytes = reader.offsetBytes;
    const mark = await reader.upTo(STREAM_MAGIC.length);
    if (mark.length === 0) return false;
    reader.unread(mark);
    if (mark.equals(STREAM_MAGIC)) return true;
    const padding = await reader.upTo(4);
    if (padding.length === 4 && isAllZero(padding)) continue;
    const { lengthBytes } = await judgeRest(reader, () => context.budget.checkTime());
    report(context, `has ${lengthBytes + padding.length} bytes after its compressed data`, {
      offsetBytes,
      lengthBytes: lengthBytes + padding.length,
    });
    return false;
  }
}

function report(context: XzContext, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
