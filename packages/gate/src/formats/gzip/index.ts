/**
 * gzip files. Header and trailer are read here, because node's gunzip overlooks reserved flags, header checksums
 * and whatever follows. Members are joined as gzip(1) does. Source: RFC 1952.
 * @module
 */

import { crc32, createInflateRaw } from "node:zlib";
import type { JsonObject } from "@sallyport/core";
import { judgeMemberName, nameFinding } from "../../member-name.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { decompressOne } from "../self-ending.ts";
import { readHeader } from "./header.ts";

/** Large pieces: each one costs a change of threads. */
const PIECE_BYTES = 256 * 1024;
const TRAILER_BYTES = 8;
/**
 * The Linux Vendor Firmware Service ends its lists of signatures so, lest its distribution network unpacks them.
 * Source: lvfs-website, jcat/jcatfile.py.
 */
const FIRMWARE_SERVICE_END = Buffer.from("IHATECDN");

export const gzip: Format = {
  id: "gzip",
  title: "gzip file",
  document: "RFC 1952",
  recognise: ({ head }: Glimpse) => head.length >= 3 && head.readUIntBE(0, 3) === 0x1f8b08,
  openStream: openGzip,
};

async function* openGzip(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  const name = await readHeader(reader);
  const problem = name === undefined ? undefined : judgeMemberName(name);
  if (name !== undefined && problem) context.report(nameFinding(problem, name));
  yield { name: name || "content", content: () => unpack(reader, context) };
}

/** The first header is already read. */
async function* unpack(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  do {
    context.budget.checkTime();
    yield* unpackMember(reader, context);
  } while (await startsMember(reader, context));
}

async function* unpackMember(reader: FrontReader, context: OpenContext): AsyncGenerator<Buffer> {
  let crc = 0;
  let sizeBytes = 0;
  const engine = createInflateRaw({ chunkSize: PIECE_BYTES });
  for await (const piece of decompressOne(reader, engine, {
    budget: context.budget,
    what: "gzip: the data",
  })) {
    crc = crc32(piece, crc);
    sizeBytes += piece.length;
    yield piece;
  }
  const trailer = await reader.exactly(TRAILER_BYTES, "gzip: trailer");
  if (trailer.readUInt32LE(0) !== crc) report(context, "does not have the checksum its trailer gives");
  // §2.3.1: the size modulo 2^32.
  if (trailer.readUInt32LE(4) !== sizeBytes % 2 ** 32)
    report(context, "does not have the size its trailer gives");
}

/** gzip(1) joins members, skips zeros that fill a tape's block, and warns about anything else. */
async function startsMember(reader: FrontReader, context: OpenContext): Promise<boolean> {
  const offsetBytes = reader.offsetBytes;
  const mark = await reader.upTo(2);
  reader.unread(mark);
  if (mark.length === 2 && mark.readUInt16BE(0) === 0x1f8b) {
    await readHeader(reader);
    return true;
  }
  const end = await reader.upTo(FIRMWARE_SERVICE_END.length + 1);
  if (end.equals(FIRMWARE_SERVICE_END)) return false;
  reader.unread(end);
  const { lengthBytes, isZero } = await judgeRest(reader, () => context.budget.checkTime());
  if (!isZero)
    report(context, `has ${lengthBytes} bytes after its compressed data`, { offsetBytes, lengthBytes });
  return false;
}

function report(context: OpenContext, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
