/**
 * What an NSIS installer carries behind its stub: one header with the compiled script, then blocks that follow each
 * other without a gap, so that all of them are opened whatever the script says about them.
 * Source: NSIS 3.08, Source/exehead/fileform.h and fileform.c.
 * @module
 */

import { ArtifactError, asBuffer, type ByteSource, RangeSource, readExactly } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, isAllZero } from "../front-reader.ts";
import { checksumProblem } from "./checksum.ts";
import {
  contentEnd,
  FIRST_HEADER_BYTES,
  type FirstHeader,
  MARK,
  MARK_OFFSET,
  readFirstHeader,
} from "./first-header.ts";
import {
  detectPacking,
  MARKED_BYTES,
  type Method,
  methodOf,
  PACKED,
  type Packing,
  unpack,
} from "./packing.ts";
import { readNames } from "./script.ts";

export const nsis: Format = {
  id: "nsis",
  title: "NSIS installer's data",
  document: "NSIS 3.08 sources, Source/exehead/fileform.h",
  recognise: ({ head }: Glimpse) => head.subarray(MARK_OFFSET, MARK_OFFSET + MARK.length).equals(MARK),
  open,
};

/** Signing tools fill up to a multiple of 8. */
const FILLING_BYTES = 8;

interface Opened {
  readonly source: ByteSource;
  readonly context: OpenContext;
  readonly first: FirstHeader;
  readonly packing: Packing;
}

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const first = await readFirstHeader(source);
  const head = Buffer.alloc(16);
  head.set(
    await readExactly(
      source,
      FIRST_HEADER_BYTES,
      Math.min(16, contentEnd(first) - FIRST_HEADER_BYTES),
      "NSIS: the data",
    ),
  );
  const packing = detectPacking(head, first.headerBytes);
  if (first.headerBytes > context.maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `NSIS: the script needs ${first.headerBytes} bytes at once`,
    );
  const problem = await checksumProblem(source, first, context);
  if (problem !== undefined) report(context, problem, {});
  const opened = { source, context, first, packing };
  yield* packing.isSolid ? openSolid(opened) : openBlocks(opened);
  yield* trailing(source, first, context);
}

/** Each block is compressed by itself, or not at all; its length says which. */
async function* openBlocks({ source, context, first, packing }: Opened): AsyncGenerator<Member> {
  const end = contentEnd(first);
  let names: ReadonlyMap<number, string> | undefined;
  let dataOffset = FIRST_HEADER_BYTES;
  for (let at = FIRST_HEADER_BYTES; at < end; ) {
    context.budget.checkTime();
    const length = (await readExactly(source, at, 4, "NSIS: a block")).readUInt32LE(0);
    const sizeBytes = length % PACKED;
    const isPacked = length >= PACKED;
    if (at + 4 + sizeBytes > end) throw malformed("a block reaches past the end of the data");
    const range = new RangeSource(source, at + 4, sizeBytes);
    const content = () => unpackBlock(range, isPacked ? packing.method : "none", context);
    if (names === undefined) {
      names = readNames(await hold(content(), first), context.budget);
      dataOffset = at + 4 + sizeBytes;
    } else {
      const member = { name: nameOf(names, at - dataOffset), content };
      const offsetInParentBytes = at + 4;
      yield isPacked
        ? member
        : { ...member, claimedBytes: sizeBytes, range: { source: range, offsetInParentBytes } };
    }
    at += 4 + sizeBytes;
  }
}

/** @param method - undefined where the block's first bytes have to tell */
async function* unpackBlock(
  range: ByteSource,
  method: Method | undefined,
  context: OpenContext,
): AsyncGenerator<Buffer> {
  const start = asBuffer(await range.read(0, Math.min(range.sizeBytes, MARKED_BYTES)));
  const reader = new FrontReader(range.stream());
  yield* unpack(method ?? methodOf(start), reader, context);
  if ((await reader.piece()) !== undefined)
    report(context, "a block holds bytes behind its compressed data", {});
}

/** One stream holds the header and all blocks, each behind its length. */
async function* openSolid({ source, context, first, packing }: Opened): AsyncGenerator<Member> {
  const packed = new FrontReader(source.stream(FIRST_HEADER_BYTES, contentEnd(first) - FIRST_HEADER_BYTES));
  const reader = new FrontReader(unpack(packing.method ?? "deflate", packed, context));
  const headerBytes = (await reader.exactly(4, "NSIS: the header")).readUInt32LE(0);
  if (headerBytes !== first.headerBytes) throw malformed("two places give different sizes for the script");
  const names = readNames(await reader.exactly(headerBytes, "NSIS: the script"), context.budget);
  const dataOffset = reader.offsetBytes;
  for (;;) {
    const place = reader.offsetBytes - dataOffset;
    const length = await reader.upTo(4);
    if (length.length === 0) break;
    if (length.length < 4) throw malformed("bytes that are no block follow the last block");
    const sizeBytes = length.readUInt32LE(0);
    const end = reader.offsetBytes + sizeBytes;
    const content = () => takeBlock(reader, end);
    yield { name: nameOf(names, place), claimedBytes: sizeBytes, content };
    // What nobody read of it comes first in the stream all the same.
    for await (const _ of takeBlock(reader, end)) context.budget.checkTime();
  }
  if ((await packed.piece()) !== undefined) report(context, "holds bytes behind its compressed data", {});
}

async function* takeBlock(reader: FrontReader, end: number): AsyncGenerator<Buffer> {
  while (reader.offsetBytes < end) {
    const piece = await reader.piece(end - reader.offsetBytes);
    if (piece === undefined) throw new ArtifactError("artifact.truncated", "NSIS: a block is cut short");
    yield piece;
  }
}

/** The script, which the first header gives the size of. */
async function hold(content: AsyncIterable<Buffer>, { headerBytes }: FirstHeader): Promise<Buffer> {
  const reader = new FrontReader(content);
  const header = await reader.exactly(headerBytes, "NSIS: the script");
  if ((await reader.piece()) !== undefined) throw malformed("two places give different sizes for the script");
  return header;
}

/** Blocks without a name: pictures, licence texts, and the data of the uninstaller. */
const nameOf = (names: ReadonlyMap<number, string>, place: number): string =>
  names.get(place) ?? `block-${place}`;

/** The stub never reads what follows its data: somebody else put it there. */
async function* trailing(
  source: ByteSource,
  { wholeBytes }: FirstHeader,
  context: OpenContext,
): AsyncGenerator<Member> {
  const sizeBytes = source.sizeBytes - wholeBytes;
  if (sizeBytes === 0) return;
  const start = await readExactly(source, wholeBytes, Math.min(sizeBytes, FILLING_BYTES), "NSIS: filling");
  if (sizeBytes < FILLING_BYTES && isAllZero(start)) return;
  const range = new RangeSource(source, wholeBytes, sizeBytes);
  yield {
    name: "trailing",
    claimedBytes: sizeBytes,
    isCarried: true,
    ...(context.carrier !== undefined && { carrier: context.carrier }),
    range: { source: range, offsetInParentBytes: context.offsetInParentBytes + wholeBytes },
    content: () => range.stream(),
  };
}

function report(context: OpenContext, because: string, facts: Record<string, number>): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `NSIS: ${what}`);
