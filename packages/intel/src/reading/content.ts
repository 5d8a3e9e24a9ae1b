/** The bytes of a brought or fetched file, out of gzip where they are in it, and never more of them than allowed. @module */

import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ByteSource } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SourceFile } from "../source.ts";

const MAX_HELD_BYTES = 256 * 1024 * 1024;

/** RFC 1952 §2.3.1. */
export async function isGzip(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(3, source.sizeBytes));
  return head.length === 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * Streams a file, unpacked when it is gzip. Every byte is spent on the budget before it is handed on.
 * @throws {@link FeedError} `feed.truncated` or `feed.malformed` for gzip that is cut short or damaged
 */
export async function* contentOf(
  { name, source }: SourceFile,
  { budget }: ReadContext,
): AsyncGenerator<Uint8Array> {
  const bytes = (await isGzip(source)) ? gunzip(source, name) : source.stream();
  for await (const piece of bytes) {
    budget.spendBytes(piece.length);
    yield piece;
  }
}

async function* gunzip(source: ByteSource, name: string): AsyncGenerator<Uint8Array> {
  const unpacked = new PassThrough();
  const done = pipeline(Readable.from(source.stream()), createGunzip(), unpacked);
  done.catch(() => undefined);
  try {
    for await (const piece of unpacked) yield piece as Uint8Array;
    await done;
  } catch (error) {
    throw gzipError(error, name);
  } finally {
    unpacked.destroy();
  }
}

function gzipError(error: unknown, name: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "Z_BUF_ERROR") return FeedError.at(name, "the gzip data ends too early", "feed.truncated");
  return typeof code === "string" && code.startsWith("Z_")
    ? FeedError.at(name, "the gzip data is damaged")
    : error;
}

/**
 * All bytes of a file, unpacked.
 * @param maxBytes - 256 MiB at most
 * @throws {@link FeedError} `feed.over-limit` when there are more
 */
export async function readBytes(
  file: SourceFile,
  context: ReadContext,
  maxBytes = MAX_HELD_BYTES,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of contentOf(file, context)) {
    heldBytes += piece.length;
    if (heldBytes > Math.min(maxBytes, MAX_HELD_BYTES)) throw overLimit(file.name, maxBytes);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export const overLimit = (place: string, maxBytes: number): FeedError =>
  new FeedError("feed.over-limit", `${place}: larger than ${maxBytes} bytes`, { facts: { maxBytes } });
