/** Zstandard files: frames one after the other, as zstd(1) joins them. Source: RFC 8878. @module */

import { constants, createZstdDecompress } from "node:zlib";
import { ArtifactError, type JsonObject } from "@sallyport/core";
import { decompress } from "../decompression.ts";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader, judgeRest } from "../front-reader.ts";
import { type Frame, frameBytes, readFrameHeader, recogniseFrame } from "./frame.ts";

const PIECE_BYTES = 256 * 1024;
/** zstd(1) refuses more without `--long`; libzstd's own limit for 32 bits is larger. */
const MOST_WINDOW_LOG = 27;
/** Enough for the seek table of any file that is opened here. */
const LARGEST_SKIPPED_BYTES = 64 * 1024;

export const zstd: Format = {
  id: "zstd",
  title: "Zstandard file",
  document: "RFC 8878",
  recognise: ({ head }: Glimpse) => recogniseFrame(head.subarray(0, 4)) !== undefined,
  openStream: openZstd,
};

async function* openZstd(bytes: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Member> {
  const reader = new FrontReader(bytes);
  yield { name: "content", content: () => unpackZstd(reader, context) };
}

/** What a decoder of frames needs of its container. */
export type ZstdContext = Pick<OpenContext, "budget" | "maxHeldBytes" | "report">;

/** Unpacks frames up to the end of the bytes. */
export async function* unpackZstd(reader: FrontReader, context: ZstdContext): AsyncGenerator<Uint8Array> {
  for (;;) {
    context.budget.checkTime();
    const offsetBytes = reader.offsetBytes;
    const mark = await reader.upTo(4);
    if (mark.length === 0) return;
    reader.unread(mark);
    const kind = recogniseFrame(mark);
    if (kind === "frame") yield* unpackFrame(reader, context);
    else if (kind === "skippable") await skip(reader, context);
    else {
      const { lengthBytes } = await judgeRest(reader, () => context.budget.checkTime());
      return report(context, `has ${lengthBytes} bytes after its compressed data`, {
        offsetBytes,
        lengthBytes,
      });
    }
  }
}

async function* unpackFrame(reader: FrontReader, context: ZstdContext): AsyncGenerator<Uint8Array> {
  const frame = await readFrameHeader(reader);
  requireMemory(frame, context);
  const params = { [constants.ZSTD_d_windowLogMax]: MOST_WINDOW_LOG };
  const engine = createZstdDecompress({ chunkSize: PIECE_BYTES, params });
  let sizeBytes = 0;
  let inputBytes = 0;
  const input = async function* () {
    for await (const piece of frameBytes(reader, frame, context.budget)) {
      inputBytes += piece.length;
      yield piece;
    }
  };
  for await (const piece of decompress(input(), engine, { budget: context.budget, what: "zstd: the data" })) {
    sizeBytes += piece.length;
    yield piece;
  }
  // libzstd checks the checksum; that it came to the frame's end is checked here.
  if (engine.bytesWritten !== inputBytes)
    throw new ArtifactError("artifact.malformed", "zstd: the data ends before its frame");
  if (frame.contentBytes !== undefined && frame.contentBytes !== sizeBytes)
    report(context, "does not have the size its frame gives");
}

/** Before the decoder takes the memory. A single segment's window is its content (§3.1.1.1.2). */
function requireMemory(frame: Frame, context: ZstdContext): void {
  const mostBytes = Math.min(context.maxHeldBytes, 2 ** MOST_WINDOW_LOG);
  if (frame.windowBytes > mostBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `zstd: the window needs ${frame.windowBytes} bytes at once, ${mostBytes} are allowed`,
    );
}

/** §3.1.2: a user's own data, which every decoder passes over. pzstd and seekable files have small ones. */
async function skip(reader: FrontReader, context: ZstdContext): Promise<void> {
  const offsetBytes = reader.offsetBytes;
  const head = await reader.exactly(8, "zstd: a skippable frame");
  const lengthBytes = head.readUInt32LE(4);
  if (lengthBytes > LARGEST_SKIPPED_BYTES)
    report(context, `has ${lengthBytes} bytes that every decoder passes over`, { offsetBytes, lengthBytes });
  for (let missing = lengthBytes; missing > 0; ) {
    context.budget.checkTime();
    const piece = await reader.piece(missing);
    if (piece === undefined)
      throw new ArtifactError("artifact.truncated", "zstd: a skippable frame is cut short");
    missing -= piece.length;
  }
}

function report(context: ZstdContext, because: string, facts: JsonObject = {}): void {
  context.report({ check: "structure", outcome: "fail", because, facts });
}
