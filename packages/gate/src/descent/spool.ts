/**
 * Keeps a member that has to be read anywhere: small ones in memory, others in a scratch file that is named by
 * a counter and loses its name at once, so that even a killed run leaves nothing behind.
 * @module
 */

import { closeSync, openSync, unlinkSync, write } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ByteSource, FileSource, MemorySource, WorldError } from "@sallyport/core";
import { joinPieces, type MemberStream } from "./member-stream.ts";

const writeAt = promisify(write);

/** One member in memory, and all members that are open at once, nested in each other. */
const MEMBER_MEMORY_BYTES = 8 * 1024 * 1024;
const WHOLE_MEMORY_BYTES = 32 * 1024 * 1024;

export interface Spooled {
  readonly source: ByteSource;
  release(): void;
}

export class Spool {
  readonly #folder: string;
  #count = 0;
  #heldBytes = 0;

  /** @param folder - exists, and is nobody else's */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws WorldError `world.io` when the scratch folder is full or cannot be written */
  async keep(stream: MemberStream): Promise<Spooled> {
    const most = Math.min(MEMBER_MEMORY_BYTES, WHOLE_MEMORY_BYTES - this.#heldBytes);
    const pieces: Buffer[] = [];
    let sizeBytes = 0;
    for (let chunk = await stream.take(); chunk !== undefined; chunk = await stream.take()) {
      pieces.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > most) return this.#keepInFile(stream, pieces);
    }
    this.#heldBytes += sizeBytes;
    return {
      source: new MemorySource(joinPieces(pieces)),
      release: () => {
        this.#heldBytes -= sizeBytes;
      },
    };
  }

  async #keepInFile(stream: MemberStream, start: readonly Uint8Array[]): Promise<Spooled> {
    this.#count += 1;
    const path = join(this.#folder, String(this.#count));
    const descriptor = guard(() => openSync(path, "wx+", 0o600));
    const loseName = () => unlinkSync(path);
    // Windows does not let go of the name of an open file.
    const nameIsLost = process.platform !== "win32";
    try {
      if (nameIsLost) guard(loseName);
      let offset = 0;
      for (const piece of start) offset += await writeWhole(descriptor, piece, offset);
      for (let chunk = await stream.next(); chunk !== undefined; chunk = await stream.next())
        offset += await writeWhole(descriptor, chunk, offset);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    const release = () => {
      closeSync(descriptor);
      if (!nameIsLost) loseName();
    };
    return { source: new FileSource(descriptor), release };
  }
}

async function writeWhole(descriptor: number, bytes: Uint8Array, offset: number): Promise<number> {
  for (let done = 0; done < bytes.length; ) {
    const length = bytes.length - done;
    try {
      done += (await writeAt(descriptor, bytes, done, length, offset + done)).bytesWritten;
    } catch (error) {
      throw scratchError(error);
    }
  }
  return bytes.length;
}

function guard<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw scratchError(error);
  }
}

const scratchError = (error: unknown): WorldError =>
  new WorldError("world.io", "the scratch folder cannot be written: is the disk full?", { cause: error });
