/** Takes over a bundle: nothing of it is kept before its seal is proven, and nothing that its manifest does not name. @module */

import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { UsageError } from "@sallyport/core";
import { type Extract, extract } from "tar-stream";
import { FeedError } from "../feed-error.ts";
import { MANIFEST_NAME } from "./bundle.ts";
import { type BundledPart, parseManifest } from "./bundle-manifest.ts";
import { diskError } from "./disk.ts";
import type { KeptFile } from "./kept-files.ts";
import { digestOfFiles, snapshotOf } from "./load.ts";
import type { Surroundings } from "./ports.ts";
import { keptFilesOf, loadPart, problemOf, withSource } from "./source-work.ts";
import type { Synced } from "./sync.ts";

/** A hundred thousand files, each with what its publisher said of it. */
const MAX_MANIFEST_BYTES = 128 * 1024 * 1024;

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

/** Whether a file is a bundle, by how it begins. */
export const isBundle = (head: Uint8Array): boolean =>
  Buffer.from(head)
    .subarray(0, MANIFEST_NAME.length + 1)
    .toString("latin1") === `${MANIFEST_NAME}\0`;

export interface TakenOver {
  /** One for each part that this program knows the source of. */
  readonly parts: readonly Synced[];
  /** Sources that this version does not know. */
  readonly unknown: readonly string[];
}

/**
 * @param open - proves the seal of an envelope; gives the payload
 * @throws UsageError `usage.value` when it is not sealed by who it should be
 * @throws FeedError `feed.malformed`, `feed.truncated`; then nothing was loaded
 */
export async function readBundle(
  path: string,
  open: (envelope: unknown) => Uint8Array,
  place: Surroundings,
): Promise<TakenOver> {
  const bundled = await keepFiles(path, open, place);
  const parts: Synced[] = [];
  const unknown = new Set<string>();
  for (const one of bundled) {
    const source = place.sources.find(({ id }) => id === one.source);
    if (source === undefined) unknown.add(one.source);
    else parts.push(await withSource(source, place, () => loadBundled({ ...one, source }, place)));
  }
  return { parts, unknown: [...unknown] };
}

async function loadBundled(
  { source, part, files, fetchedAt }: Omit<BundledPart, "source"> & Pick<Synced, "source">,
  place: Surroundings,
): Promise<Synced> {
  const before = snapshotOf(source, part, place);
  if (before !== undefined && before.sha256 === digestOfFiles(files))
    return { source, part, outcome: "unchanged", snapshot: before };
  try {
    // The other machine's clock may be ahead: what is of tomorrow would never be out of date.
    const at = new Date(Math.min(Date.parse(fetchedAt), place.clock.now().getTime()));
    const loaded = await loadPart({ source, part, files, fetchedAt: at }, place);
    const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
    return { ...loaded, source, part, outcome: "loaded", sizeBytes };
  } catch (error) {
    return { source, part, outcome: "failed", problem: problemOf(error) };
  }
}

/** Reads the archive once, front to back. @returns what the manifest names, all of it kept */
async function keepFiles(
  path: string,
  open: (envelope: unknown) => Uint8Array,
  place: Surroundings,
): Promise<readonly BundledPart[]> {
  const archive = extract();
  const feeding = pipeline(createReadStream(path), archive);
  feeding.catch(() => undefined);
  let parts: readonly BundledPart[] | undefined;
  const missing = new Map<string, KeptFile>();
  try {
    for await (const entry of archive) {
      if (parts === undefined) {
        parts = parseManifest(open(await readEnvelope(entry, path)), path);
        for (const file of parts.flatMap(({ files }) => files)) missing.set(file.sha256, file);
      } else await keepFile(entry, missing, { path, place });
    }
    await feeding;
  } catch (error) {
    throw archiveError(path, error);
  } finally {
    archive.destroy();
  }
  if (parts === undefined || missing.size > 0)
    throw new FeedError("feed.truncated", `${path}: ends before all of it was there`);
  return parts;
}

async function readEnvelope(entry: Entry, path: string): Promise<unknown> {
  const { name, size = 0 } = entry.header;
  if (name !== MANIFEST_NAME || size > MAX_MANIFEST_BYTES)
    throw FeedError.at(path, "is no bundle; give what intel export wrote");
  const pieces = await Array.fromAsync(entry as AsyncIterable<Uint8Array>);
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch (cause) {
    throw new FeedError("feed.malformed", `${path}: its manifest is no JSON`, { cause });
  }
}

async function keepFile(
  entry: Entry,
  missing: Map<string, KeptFile>,
  { path, place }: { path: string; place: Surroundings },
): Promise<void> {
  const { name, type, size = 0 } = entry.header;
  const wanted = missing.get(name.replace(/^files\//, ""));
  if (type !== "file" || wanted === undefined || wanted.sizeBytes !== size || !name.startsWith("files/"))
    throw FeedError.at(path, "holds a file that its manifest does not name");
  const kept = keptFilesOf(place);
  const draft = await kept.draft();
  try {
    await pipeline(entry, createWriteStream(draft, { mode: 0o600 }));
    const { sha256 } = await kept.adopt(draft, wanted.sha256);
    missing.delete(sha256);
  } finally {
    await rm(draft, { force: true });
  }
}

function archiveError(path: string, error: unknown): unknown {
  if (error instanceof FeedError || error instanceof UsageError) return error;
  const because = error instanceof Error ? error.message : "";
  // tar-stream's own words, which name no content.
  if (/Unexpected end of data|Premature close/i.test(because))
    return new FeedError("feed.truncated", `${path}: ends in the middle`, { cause: error });
  if (/Invalid tar header/i.test(because))
    return new FeedError("feed.malformed", `${path}: is damaged`, { cause: error });
  return diskError(path, error);
}
