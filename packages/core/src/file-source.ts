/**
 * Bytes of an open file. The size is fixed when it is opened, and a file that gets shorter while it is read
 * is an error of the world, never a short answer: half a file must not be judged as a whole one.
 * @module
 */

import assert from "node:assert/strict";
import { fstatSync, read as readCallback, readSync } from "node:fs";
import { promisify } from "node:util";
import { type ByteSource, CHUNK_BYTES, type FileBacking, MAX_READ_BYTES } from "./byte-source.ts";
import { UsageError, WorldError } from "./errors.ts";

const readFile = promisify(readCallback);

/** Below this a blocking read costs less than the way through the thread pool. */
const BLOCKING_READ_BYTES = 64 * 1024;

/** A file, by its descriptor. Reads are positional, so that several may share the descriptor. */
export class FileSource implements ByteSource {
  readonly sizeBytes: number;
  readonly #descriptor: number;

  /**
   * @param descriptor - open for reading; the caller closes it
   * @throws {@link UsageError} `usage.file` when it is not a regular file
   */
  constructor(descriptor: number) {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new UsageError("usage.file", "not a regular file");
    this.#descriptor = descriptor;
    this.sizeBytes = status.size;
  }

  get backing(): FileBacking {
    return { descriptor: this.#descriptor, offsetBytes: 0 };
  }

  /** @throws {@link WorldError} `world.changed` when the file got shorter, `world.io` when it cannot be read */
  async read(offset: number, length: number): Promise<Uint8Array> {
    assert(offset >= 0 && length >= 0 && length <= MAX_READ_BYTES, "read out of bounds");
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - offset));
    const bytes = Buffer.allocUnsafeSlow(wanted);
    await this.#fill(bytes, wanted, offset);
    return bytes;
  }

  /** @throws {@link WorldError} as {@link read} */
  async readInto(offset: number, target: Uint8Array, length: number): Promise<void> {
    assert(offset >= 0 && length <= target.length && offset + length <= this.sizeBytes, "read out of bounds");
    await this.#fill(target, length, offset);
  }

  async #fill(target: Uint8Array, wanted: number, offset: number): Promise<void> {
    for (let done = 0; done < wanted; ) {
      const count = await this.#readPiece(target, done, { length: wanted - done, position: offset + done });
      if (count === 0) throw new WorldError("world.changed", "the file got shorter while it was read");
      done += count;
    }
  }

  async *stream(offset = 0, length = this.sizeBytes - offset): AsyncIterable<Uint8Array> {
    const end = Math.min(offset + length, this.sizeBytes);
    let next = offset < end ? this.#readAhead(offset, end) : undefined;
    for (let at = offset; next !== undefined; ) {
      const bytes = await next;
      at += bytes.length;
      next = at < end ? this.#readAhead(at, end) : undefined;
      yield bytes;
    }
  }

  /** Starts a read before it is asked for; its failure is seen when it is awaited, or not at all. */
  #readAhead(at: number, end: number): Promise<Uint8Array> {
    const reading = this.read(at, Math.min(CHUNK_BYTES, end - at));
    reading.catch(() => undefined);
    return reading;
  }

  async #readPiece(
    target: Uint8Array,
    done: number,
    { length, position }: { length: number; position: number },
  ): Promise<number> {
    try {
      if (length <= BLOCKING_READ_BYTES) return readSync(this.#descriptor, target, done, length, position);
      return (await readFile(this.#descriptor, target, done, length, position)).bytesRead;
    } catch (error) {
      throw new WorldError("world.io", "the file cannot be read", { cause: error });
    }
  }
}
