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
  /**
   * Reads into memory the caller has, where that saves making new memory for every piece.
   * @param length - at most that of `target`, and not past the end of the source
   */
  readInto?(offset: number, target: Uint8Array, length: number): Promise<void>;
  /** Where all of it stands in an open file, when it does: another thread can read it there. */
  readonly backing?: FileBacking | undefined;
}

export interface FileBacking {
  /** Open for reading for as long as the source is. */
  readonly descriptor: number;
  readonly offsetBytes: number;
}

/**
 * Hands every piece to `visit`, in order: for digests of large files. `visit` keeps nothing of a piece, because the
 * same memory is used again. The next piece is read while this one is visited.
 */
export async function visitPieces(
  source: ByteSource,
  visit: (bytes: Uint8Array, offset: number) => void,
): Promise<void> {
  const { sizeBytes } = source;
  const isLarge = sizeBytes > CHUNK_BYTES && source.readInto !== undefined;
  const memory = isLarge ? [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] : [];
  const read = async (offset: number, turn: number): Promise<Uint8Array> => {
    const length = Math.min(CHUNK_BYTES, sizeBytes - offset);
    const target = memory[turn % 2];
    if (source.readInto === undefined || target === undefined) return source.read(offset, length);
    await source.readInto(offset, target, length);
    return target.subarray(0, length);
  };
  let next = sizeBytes > 0 ? read(0, 0) : undefined;
  for (let offset = 0, turn = 1; next !== undefined; turn += 1) {
    const bytes = await next;
    const following = offset + bytes.length;
    next = bytes.length > 0 && following < sizeBytes ? read(following, turn) : undefined;
    // A failure to read the next piece is thrown when it is awaited, not while this one is visited.
    next?.catch(() => undefined);
    visit(bytes, offset);
    offset = following;
  }
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

  get backing(): FileBacking | undefined {
    const outer = this.#outer.backing;
    return outer && { descriptor: outer.descriptor, offsetBytes: outer.offsetBytes + this.#offset };
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return this.#outer.read(this.#offset + offset, Math.max(0, Math.min(length, this.sizeBytes - offset)));
  }

  async readInto(offset: number, target: Uint8Array, length: number): Promise<void> {
    assert(offset >= 0 && length >= 0 && offset + length <= this.sizeBytes, "read out of bounds");
    if (this.#outer.readInto !== undefined)
      return this.#outer.readInto(this.#offset + offset, target, length);
    target.set(await this.read(offset, length));
  }

  stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    return this.#outer.stream(this.#offset + offset, Math.max(0, Math.min(length, this.sizeBytes - offset)));
  }
}
