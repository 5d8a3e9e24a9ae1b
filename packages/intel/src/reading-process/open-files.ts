/**
 * Files as the reading process gets them: open. Each descriptor counts against what one process may hold, and a provider has
 * a hash and a signature for each of thousands of documents: small files of many go together into one.
 * @module
 */

import { closeSync, fstatSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { WorldError } from "@sallyport/core";
import type { FileAtPath } from "../sync/ports.ts";
import type { ReadingFile } from "./request.ts";

/** Fewer are handed over as they are. */
const MANY_FILES = 256;
const SMALL_BYTES = 16 * 1024;

export interface OpenFiles {
  readonly files: readonly ReadingFile[];
  readonly descriptors: readonly number[];
}

/**
 * @param opened - closes the descriptors
 * @throws WorldError `world.io`
 */
export function openFiles(
  files: readonly FileAtPath[],
  scratchFolder: string,
  opened: DisposableStack,
): OpenFiles {
  const descriptors: number[] = [];
  const pack = files.length > MANY_FILES ? new Pack(join(scratchFolder, "small-files"), opened) : undefined;
  if (pack !== undefined) descriptors.push(pack.descriptor);
  return {
    descriptors,
    files: files.map(({ name, path }) => {
      const descriptor = onDisk(path, () => openSync(path, "r"));
      const range = onDisk(path, () => pack?.add(descriptor));
      if (range !== undefined) return { name, descriptor: 0, ...range };
      opened.adopt(descriptor, closeSync);
      return { name, descriptor: descriptors.push(descriptor) - 1 };
    }),
  };
}

/** One file that holds others, one behind the other. */
class Pack {
  readonly descriptor: number;
  #sizeBytes = 0;

  constructor(path: string, opened: DisposableStack) {
    this.descriptor = onDisk(path, () => opened.adopt(openSync(path, "wx+", 0o600), closeSync));
  }

  /** @returns where it is now, and closes it; undefined, and leaves it open, when it is not small */
  add(descriptor: number): { offset: number; sizeBytes: number } | undefined {
    if (fstatSync(descriptor).size > SMALL_BYTES) return undefined;
    const bytes = readFileSync(descriptor);
    closeSync(descriptor);
    const offset = this.#sizeBytes;
    for (let at = 0; at < bytes.length; )
      at += writeSync(this.descriptor, bytes, at, bytes.length - at, offset + at);
    this.#sizeBytes += bytes.length;
    return { offset, sizeBytes: bytes.length };
  }
}

function onDisk<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new WorldError("world.io", `${path} cannot be read`, { cause });
  }
}
