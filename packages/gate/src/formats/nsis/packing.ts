/**
 * How an installer's data is compressed. Nothing in it says so: the stub was built for one method, and readers tell
 * by the first bytes, as here. Source: NSIS 3.08, Source/build.cpp and the stub's fileform.c; 7-Zip's reader uses the
 * same marks.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { inflate, NSIS_DEFLATE } from "../../deflate/inflate.ts";
import type { FrontReader } from "../front-reader.ts";
import { unpackLzma } from "../xz/lzma-stream.ts";
import { BLOCK_MARK, unpackBareBzip2 } from "./bare-bzip2.ts";

export type Method = "lzma" | "bzip2" | "deflate" | "none";

export interface Packing {
  /** Undefined where each block has to tell for itself. */
  readonly method: Method | undefined;
  /** Everything is one compressed stream; otherwise each block is compressed by itself. */
  readonly isSolid: boolean;
}

/** Set in a block's length when the block is compressed. */
export const PACKED = 0x8000_0000;
/** A group of bzip2's blocks has fewer than this in its second byte: the high byte of an origin below 900,000. */
const BZIP2_ORIGIN_LIMIT = 14;

/** @param head - what follows the first header, 16 bytes */
export function detectPacking(head: Buffer, headerBytes: number): Packing {
  const length = head.readUInt32LE(0);
  // A header that is not compressed says nothing about the blocks.
  if (length === headerBytes) return { method: undefined, isSolid: false };
  if (looksLikeLzma(head)) return { method: "lzma", isSolid: true };
  // No script that people wrote has a header of 16 MiB.
  if (head.readUInt8(3) === 0x80) return { method: methodOf(head.subarray(4)), isSolid: false };
  return { method: methodOf(head), isSolid: true };
}

/** What is shorter has no mark. */
export const MARKED_BYTES = 8;

/** @param start - the first {@link MARKED_BYTES} of compressed data */
export function methodOf(start: Buffer): Method {
  if (start.length < MARKED_BYTES) return "deflate";
  if (looksLikeLzma(start)) return "lzma";
  return start.readUInt8(0) === BLOCK_MARK && start.readUInt8(1) < BZIP2_ORIGIN_LIMIT ? "bzip2" : "deflate";
}

/** The usual properties, a dictionary of whole 64 KiB, and the zero that every stream begins with. */
const looksLikeLzma = (start: Buffer): boolean =>
  start.readUInt8(0) === 0x5d &&
  start.readUInt16LE(1) === 0 &&
  start.readUInt8(5) === 0 &&
  start.readUInt8(6) < 0x80;

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.over-limit` */
export function unpack(
  method: Method,
  reader: FrontReader,
  limits: { budget: Budget; maxHeldBytes: number },
): AsyncIterable<Buffer> {
  if (method === "lzma") return unpackLzma(reader, limits);
  if (method === "bzip2") return unpackBareBzip2(reader, limits);
  if (method === "deflate") return inflate(reader, limits.budget, NSIS_DEFLATE);
  return copy(reader, limits.budget);
}

async function* copy(reader: FrontReader, budget: Budget): AsyncGenerator<Buffer> {
  for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) {
    budget.spendBytes(piece.length);
    yield piece;
  }
}
