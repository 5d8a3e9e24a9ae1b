/**
 * What the world knows, in one file for machines that no network reaches: a tar archive that begins with a sealed manifest, and
 * holds after it the files as their publishers sent them. The other side reads them again, as hostile as ever.
 * @module
 */

import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type DsseEnvelope, type JsonObject, UsageError } from "@sallyport/core";
import { type Pack, pack } from "tar-stream";
import type { StoredSnapshot } from "../store.ts";
import { diskError, onDisk } from "./disk.ts";
import type { KeptFiles } from "./kept-files.ts";
import type { Surroundings } from "./ports.ts";
import { keptFilesOf } from "./source-work.ts";

/** What the seal is for. */
export const BUNDLE_TYPE = "application/vnd.sallyport.intel-bundle+json";
export const BUNDLE_SCHEMA = "sallyport.intel-bundle/1";
export const MANIFEST_NAME = "sallyport-intel-bundle.json";

export interface ExportedBundle {
  /** Snapshots whose files are in it. */
  readonly snapshots: readonly StoredSnapshot[];
  /** Those that were read from files which are not here any more. */
  readonly leftOut: readonly StoredSnapshot[];
  readonly files: number;
  readonly sizeBytes: number;
}

/**
 * @param target - where to write it
 * @param seal - seals the manifest with this machine's key
 * @throws UsageError `usage.value` when there is nothing to hand on
 */
export async function writeBundle(
  target: string,
  seal: (payload: Uint8Array) => DsseEnvelope,
  place: Surroundings,
): Promise<ExportedBundle> {
  const kept = keptFilesOf(place);
  // What comes with the program, or was added by hand, has no files and is not handed on.
  const fromFiles = place.base.snapshots().filter(({ files }) => files.length > 0);
  const snapshots = await withFiles(fromFiles, kept);
  const leftOut = fromFiles.filter((one) => !snapshots.includes(one));
  if (snapshots.length === 0)
    throw new UsageError("usage.value", "there is nothing to hand on; fetch or import something first");
  const files = new Map(snapshots.flatMap((one) => one.files.map((file) => [file.sha256, file] as const)));
  const payload = Buffer.from(JSON.stringify(manifestOf(snapshots, place.clock.now())));
  const archive = pack();
  const writing = pipeline(archive, createWriteStream(target, { flags: "wx", mode: 0o644 }));
  // Told at the end; a disk that is full also ends what is being written.
  writing.catch(() => undefined);
  try {
    const manifest = Buffer.from(JSON.stringify(seal(payload)));
    await addEntry(archive, MANIFEST_NAME, manifest.length, (entry) => void entry.end(manifest));
    for (const { sha256, sizeBytes } of files.values())
      await addEntry(archive, `files/${sha256}`, sizeBytes, (entry, fail) => {
        createReadStream(kept.pathOf(sha256)).on("error", fail).pipe(entry);
      });
    archive.finalize();
  } catch (error) {
    archive.destroy();
    await writing.catch(() => undefined);
    throw diskError(target, error);
  }
  await onDisk(target, () => writing);
  const sizeBytes = [...files.values()].reduce((sum, file) => sum + file.sizeBytes, 0);
  return { snapshots, leftOut, files: files.size, sizeBytes };
}

async function withFiles(
  snapshots: readonly StoredSnapshot[],
  kept: KeptFiles,
): Promise<readonly StoredSnapshot[]> {
  const here = await Promise.all(
    snapshots.map(async ({ files }) =>
      (await Promise.all(files.map((file) => kept.has(file)))).every(Boolean),
    ),
  );
  return snapshots.filter((_, index) => here[index]);
}

const manifestOf = (snapshots: readonly StoredSnapshot[], now: Date): JsonObject => ({
  schema: BUNDLE_SCHEMA,
  createdAt: now.toISOString(),
  parts: snapshots.map(({ source, part, checkedAt, files }) => ({
    source,
    part,
    // When its publisher was last asked: the other side is no younger than this.
    fetchedAt: checkedAt,
    files: files.map((file) => ({ ...file })),
  })),
});

type Entry = ReturnType<Pack["entry"]>;

function addEntry(
  archive: Pack,
  name: string,
  size: number,
  fill: (entry: Entry, fail: (error: Error) => void) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const header = { name, size, mode: 0o644, mtime: new Date(0) };
  const entry = archive.entry(header, (error) => (error == null ? resolve() : reject(error)));
  entry.on("error", reject);
  fill(entry, reject);
  return promise;
}
