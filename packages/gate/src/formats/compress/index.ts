/**
 * Files of compress(1), `.Z`: codes of nine to sixteen bits that stand for ever longer strings. There is no
 * checksum and no end mark. Source: compress(1) of POSIX.1-2024; ncompress 5.0, `compress.c`.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { CodeTable } from "./code-table.ts";

const HEADER_BYTES = 3;
const RESERVED = 0x60;
const LEAST_BITS = 9;
const MOST_BITS = 16;
const INPUT_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;

export const compress: Format = {
  id: "compress",
  title: "file of compress(1)",
  document: "compress(1) of POSIX.1-2024, ncompress 5.0",
  recognise: ({ head }: Glimpse) =>
    head.length > HEADER_BYTES && head.readUInt16BE(0) === 0x1f9d && isPossible(head.readUInt8(2)),
  openStream: openCompress,
};

function isPossible(flags: number): boolean {
  const bits = flags & 0x1f;
  return (flags & RESERVED) === 0 && bits >= LEAST_BITS && bits <= MOST_BITS;
}

async function* openCompress(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpack(reader, context) };
}

async function* unpack(reader: FrontReader, { budget }: OpenContext): AsyncGenerator<Buffer> {
  const header = await reader.exactly(HEADER_BYTES, "compress: the header");
  const flags = header.readUInt8(2);
  if (header.readUInt16BE(0) !== 0x1f9d || !isPossible(flags))
    throw new ArtifactError("artifact.malformed", "compress: the header is damaged");
  const table = new CodeTable(flags & 0x1f, (flags & 0x80) !== 0);
  for (let held: Buffer = Buffer.alloc(0), isLast = false; !isLast; ) {
    const input = Buffer.concat([held, await reader.upTo(INPUT_BYTES)]);
    isLast = input.length - held.length < INPUT_BYTES;
    for (let at = 0; ; ) {
      budget.checkTime();
      const taken = table.decode(input.subarray(at), isLast, PIECE_BYTES);
      at += taken;
      const piece = table.takeOutput();
      budget.spendBytes(piece.length);
      if (piece.length > 0) yield piece;
      if (taken > 0 && at < input.length) continue;
      held = input.subarray(at);
      break;
    }
  }
}
