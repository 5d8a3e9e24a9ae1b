/**
 * Walks the frames of a Zstandard file, so that the decoder gets exactly one frame's bytes and its memory is
 * known before it is taken: node's decoder stops at the first frame's end. Source: RFC 8878 §3.1.
 * @module
 */

import { ArtifactError, type Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";

const MAGIC = 0xfd2fb528;
/** Sixteen magics, the last four bits are the user's. */
const SKIPPABLE = 0x184d2a50;
const LARGEST_BLOCK_BYTES = 128 * 1024;

export interface Frame {
  /** What was read to learn the rest; part of the frame. */
  readonly header: Buffer;
  readonly windowBytes: number;
  readonly hasChecksum: boolean;
  /** What the frame says will come out, when it does. */
  readonly contentBytes: number | undefined;
}

export type FrameMark = "frame" | "skippable" | undefined;

/** @param mark - the first four bytes */
export function recogniseFrame(mark: Buffer): FrameMark {
  if (mark.length < 4) return undefined;
  const magic = mark.readUInt32LE(0);
  if (magic === MAGIC) return "frame";
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE ? "skippable" : undefined;
}

/**
 * Reads a frame's header (§3.1.1.1), the magic included.
 * @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.unsupported` for dictionaries
 */
export async function readFrameHeader(reader: FrontReader): Promise<Frame> {
  const start = await reader.exactly(5, "zstd: frame header");
  const descriptor = start.readUInt8(4);
  if ((descriptor & 0x08) !== 0)
    throw new ArtifactError("artifact.malformed", "zstd: a reserved bit of the frame is set");
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][sizeFlag] ?? 0;
  const windowFieldBytes = isSingleSegment ? 0 : 1;
  const rest = await reader.exactly(windowFieldBytes + dictionaryBytes + sizeBytes, "zstd: frame header");
  const dictionary = rest.subarray(windowFieldBytes, windowFieldBytes + dictionaryBytes);
  if (dictionary.some((byte) => byte !== 0))
    throw new ArtifactError("artifact.unsupported", "zstd: the frame needs a dictionary");
  const contentBytes = readContentBytes(rest.subarray(windowFieldBytes + dictionaryBytes));
  return {
    header: Buffer.concat([start, rest]),
    windowBytes: isSingleSegment ? (contentBytes ?? 0) : windowOf(rest.readUInt8(0)),
    hasChecksum: (descriptor & 0x04) !== 0,
    contentBytes,
  };
}

/** The frame's bytes from its header to its checksum (§3.1.1.2), and not one more. */
export async function* frameBytes(reader: FrontReader, frame: Frame, budget: Budget): AsyncGenerator<Buffer> {
  const what = "zstd: the frame";
  yield frame.header;
  for (let isLast = false; !isLast; ) {
    budget.checkTime();
    const head = await reader.exactly(3, what);
    const value = head.readUIntLE(0, 3);
    isLast = (value & 1) !== 0;
    const type = (value >> 1) & 3;
    const sizeBytes = value >> 3;
    if (type === 3 || sizeBytes > LARGEST_BLOCK_BYTES)
      throw new ArtifactError("artifact.malformed", "zstd: a block of an impossible kind or size");
    // An RLE block holds the one byte that it repeats.
    const body = await reader.exactly(type === 1 ? 1 : sizeBytes, what);
    yield Buffer.concat([head, body]);
  }
  if (frame.hasChecksum) yield await reader.exactly(4, "zstd: the checksum");
}

/** §3.1.1.1.2 */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** §3.1.1.1.4: two bytes count from 256. */
function readContentBytes(field: Buffer): number | undefined {
  if (field.length === 0) return undefined;
  if (field.length === 8) {
    const wide = field.readBigUInt64LE(0);
    if (wide > BigInt(Number.MAX_SAFE_INTEGER))
      throw new ArtifactError("artifact.malformed", "zstd: the frame gives an impossible size");
    return Number(wide);
  }
  const value = field.readUIntLE(0, field.length);
  return field.length === 2 ? value + 256 : value;
}
