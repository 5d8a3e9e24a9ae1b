/**
 * A folder that a person brings, as one tar archive: files by name, without owners and times, so that the same folder is the
 * same bytes. Links are not followed, and version control's own folders are left out.
 * @module
 */

import { createReadStream, createWriteStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { UsageError } from "@sallyport/core";
import { type Pack, pack } from "tar-stream";

const MAX_FILES = 2_000_000;
const LEFT_OUT = new Set([".git", ".hg", ".svn"]);

/** @throws UsageError `usage.file` when it holds no file, or more than may be brought */
export async function packFolder(folder: string, target: string, maxBytes: number): Promise<void> {
  const archive = pack();
  const writing = pipeline(archive, createWriteStream(target, { mode: 0o600 }));
  // Told at the end; a disk that is full also ends what is being written.
  writing.catch(() => undefined);
  try {
    const count = await packInto(archive, folder, maxBytes);
    if (count === 0)
      throw new UsageError("usage.file", `${folder}: the folder holds no files; check the path`);
    archive.finalize();
  } catch (error) {
    archive.destroy();
    await writing.catch(() => undefined);
    throw error;
  }
  await writing;
}

async function packInto(archive: Pack, folder: string, maxBytes: number): Promise<number> {
  let count = 0;
  let bytes = 0;
  for await (const name of filesBelow(folder)) {
    const path = join(folder, name);
    const { size } = await stat(path);
    count += 1;
    bytes += size;
    if (count > MAX_FILES || bytes > maxBytes)
      throw new UsageError(
        "usage.file",
        `${folder}: holds more than may be brought; is it the right folder?`,
      );
    await packFile(archive, { name: name.replaceAll("\\", "/"), path, size });
  }
  return count;
}

function packFile(
  archive: Pack,
  { name, path, size }: { name: string; path: string; size: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const header = { name, size, mode: 0o644, mtime: new Date(0) };
  const entry = archive.entry(header, (error) => (error == null ? resolve() : reject(error)));
  entry.on("error", reject);
  if (size === 0) entry.end(Buffer.alloc(0));
  // A file that grows meanwhile is cut where it ended when it was measured; one that shrinks is an error of the archive.
  else
    createReadStream(path, { end: size - 1 })
      .on("error", reject)
      .pipe(entry);
  return promise;
}

const BLOCK_BYTES = 512;

/**
 * The beginning of such an archive with names and without what stands in the files: whether the folder as a whole is
 * somebody's is told by what its files are called.
 */
export function outlineOf(head: Uint8Array): Uint8Array {
  const outline = Buffer.alloc(head.length);
  const bytes = Buffer.from(head);
  for (let at = 0; at + BLOCK_BYTES <= bytes.length; ) {
    bytes.copy(outline, at, at, at + BLOCK_BYTES);
    // POSIX ustar: the size in octal digits. Long names are written as a file of their own, which is kept.
    const isName = bytes[at + 156] === "x".charCodeAt(0);
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 135), 8) || 0;
    const end = at + BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (isName) bytes.copy(outline, at + BLOCK_BYTES, at + BLOCK_BYTES, Math.min(end, bytes.length));
    at = end;
  }
  return outline;
}

/** Names of the files in a folder at any depth, as they are packed. */
export const namesIn = (folder: string): AsyncIterable<string> => filesBelow(folder);

/** In the order of names, one folder held at a time. */
async function* filesBelow(folder: string, prefix = ""): AsyncIterable<string> {
  const entries = await Array.fromAsync(await opendir(join(folder, prefix)));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = join(prefix, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) yield* filesBelow(folder, name);
    else if (entry.isFile()) yield name;
  }
}
