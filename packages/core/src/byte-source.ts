/**
 * Bytes that can be read anywhere, a bounded range at a time. Hostile input is never read whole.
 * @module
 */

import assert from "node:assert/strict";
import { ArtifactError } from "./errors.ts";

/** Largest range that one {@link ByteSource.read} hands out. */
export const MAX_READ_BYTES = 64 * 1024 * 1024;
/** Size of the pieces of a stream, at most. */
export const CHUNK_BYTES = 1024 * 1024;

export interface ByteSource {
  readonly sizeBytes: number;
  /**
   * Reads up to `length` bytes; fewer only at the end of the source. The result may share memory with the
   * source: callers never write to it.
   * @param length - at most {@link MAX_READ_BYTES}
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Streams a range, the whole source by default, in pieces of at most {@link CHUNK_BYTES}. */
  stream(offset?: number, length?: number): AsyncIterable<Uint8Array>;
}

/**
 * Reads exactly `length` bytes.
 * @throws {@link ArtifactError} `artifact.truncated` when the source ends before, naming `what` was cut short
 */
export async function readExactly(
  source: ByteSource,
  offset: number,
  length: number,
  what: string,
): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw new ArtifactError("artifact.malformed", `${what}: impossible offset or length`);
  }
  if (length > MAX_READ_BYTES) {
    throw new ArtifactError("artifact.over-limit", `${what}: larger than may be held at once`, {
      facts: { length },
    });
  }
  const bytes = offset + length > source.sizeBytes ? undefined : await source.read(offset, length);
  if (bytes === undefined || bytes.length < length) {
    throw new ArtifactError("artifact.truncated", `${what} is cut short`, { facts: { offset, length } });
  }
  return asBuffer(bytes);
}

/** A view with Buffer's readers on the same memory. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes that are already in memory. */
export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    assert(offset >= 0 && length >= 0 && length <= MAX_READ_BYTES, "read out of bounds");
    return this.#bytes.subarray(offset, offset + length);
  }

  async *stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    for (let at = offset; at < end; at += CHUNK_BYTES)
      yield this.#bytes.subarray(at, Math.min(at + CHUNK_BYTES, end));
  }
}

/** A range of another source, seen as a source of its own: a member that is stored, an overlay, a slice. */
export class RangeSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #outer: ByteSource;
  readonly #offset: number;

  constructor(outer: ByteSource, offset: number, sizeBytes: number) {
    if (
      !Number.isSafeInteger(offset) ||
      !Number.isSafeInteger(sizeBytes) ||
      offset < 0 ||
      sizeBytes < 0 ||
      offset + sizeBytes > outer.sizeBytes
    ) {
      throw new ArtifactError("artifact.truncated", "a range reaches past the end of its file", {
        facts: { offset, sizeBytes },
      });
    }
    this.#outer = outer;
    this.#offset = offset;
    this.sizeBytes = sizeBytes;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#outer.read(this.#offset + offset, Math.max(0, Math.min(length, this.sizeBytes - offset)));
  }

  stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    return this.#outer.stream(this.#offset + offset, Math.max(0, Math.min(length, this.sizeBytes - offset)));
  }
}
