/**
 * lzip files: members one behind the other, each an LZMA stream with a checksum and both sizes behind it.
 * Source: lzip manual 1.23, "File format".
 * @module
 */

import { crc32 } from "node:zlib";
import { ArtifactError, type JsonObject } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { LZMA_PROPERTIES_BYTES, unpackLzma } from "../xz/lzma-stream.ts";

const MAGIC = "LZIP";
const HEADER_BYTES = 6;
const TRAILER_BYTES = 20;
/** lc 3, lp 0, pb 2: the only properties there are. */
const PROPERTIES = 0x5d;

export const lzip: Format = {
  id: "lzip",
  title: "lzip file",
  document: "lzip manual 1.23, File format",
  recognise: ({ head }: Glimpse) =>
    head.length >= HEADER_BYTES && head.toString("latin1", 0, 4) === MAGIC && head[4] === 1,
  openStream: openLzip,
};

async function* openLzip(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpack(reader, context) };
}

async function* unpack(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  do {
    context.budget.checkTime();
    yield* unpackMember(reader, context);
  } while (await startsMember(reader, context));
}

async function* unpackMember(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  const startBytes = reader.offsetBytes;
  const header = await reader.exactly(HEADER_BYTES, "lzip: the header");
  if (header.toString("latin1", 0, 4) !== MAGIC || header[4] !== 1)
    throw new ArtifactError("artifact.malformed", "lzip: this is no member of version 1");
  const properties = Buffer.alloc(LZMA_PROPERTIES_BYTES);
  properties.writeUInt8(PROPERTIES, 0);
  properties.writeUInt32LE(dictionaryOf(header.readUInt8(5)), 1);
  // The decoder reads its properties from the stream, where lzip leaves them out.
  reader.unread(properties);
  let crc = 0;
  let sizeBytes = 0;
  const { budget, maxHeldBytes } = context;
  for await (const piece of unpackLzma(reader, { budget, maxHeldBytes, endMark: "required" })) {
    crc = crc32(piece, crc);
    sizeBytes += piece.length;
    yield piece;
  }
  const trailer = await reader.exactly(TRAILER_BYTES, "lzip: the trailer");
  if (trailer.readUInt32LE(0) !== crc) report(context, "does not have the checksum its trailer gives");
  if (trailer.readBigUInt64LE(4) !== BigInt(sizeBytes))
    report(context, "does not have the size its trailer gives");
  if (trailer.readBigUInt64LE(12) !== BigInt(reader.offsetBytes - startBytes))
    report(context, "does not have the packed size its trailer gives");
}

/** Bits 0 to 4: a power of two; bits 5 to 7: how many sixteenths of it to take away. */
function dictionaryOf(coded: number): number {
  const power = coded & 0x1f;
  if (power < 12 || power > 29)
    throw new ArtifactError("artifact.malformed", "lzip: the dictionary has an impossible size");
  return 2 ** power - (2 ** power / 16) * (coded >> 5);
}

/** lzip(1) joins members, and calls anything else trailing data. */
async function startsMember(reader: FrontReader, context: OpenContext): Promise<boolean> {
  const offsetBytes = reader.offsetBytes;
  const mark = await reader.upTo(4);
  reader.unread(mark);
  if (mark.toString("latin1") === MAGIC) return true;
  const { lengthBytes } = await judgeRest(reader, () => context.budget.checkTime());
  if (lengthBytes > 0)
    report(context, `has ${lengthBytes} bytes after its compressed data`, { offsetBytes, lengthBytes });
  return false;
}

function report(context: OpenContext, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
