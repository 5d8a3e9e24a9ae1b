/**
 * The documents of a file: one, or the many of a zip or tar archive, one at a time. What an archive says of sizes is not
 * believed, and no name in it becomes a path.
 * @module
 */

import type { ReadContext, SourceFile } from "../source.ts";
import { readBytes } from "./content.ts";
import { tarDocuments } from "./tar.ts";
import { zipDocuments } from "./zip.ts";

export interface FeedDocument {
  /** In messages: `all.zip/GHSA-….json`, or the file's own name. */
  readonly place: string;
  /** Its name in the archive, or the file's. */
  readonly name: string;
  /** Unpacked. */
  readonly bytes: Uint8Array;
}

export interface DocumentLimits {
  /** Which names of an archive are read; all others are passed over. */
  readonly wants: (name: string) => boolean;
  readonly maxBytes: number;
}

/**
 * @throws FeedError `feed.truncated`, `feed.malformed` for a damaged archive, `feed.over-limit` for a document that is too large
 * @throws ArtifactError `artifact.over-limit` when the budget is spent
 */
export async function* documentsOf(
  file: SourceFile,
  context: ReadContext,
  limits: DocumentLimits,
): AsyncGenerator<FeedDocument> {
  const head = Buffer.from(await file.source.read(0, Math.min(512, file.source.sizeBytes)));
  if (isZip(head)) yield* zipDocuments(file, context, limits);
  else if (isTar(head) || isPackedTar(head, file.name)) yield* tarDocuments(file, context, limits);
  else yield { place: file.name, name: file.name, bytes: await readBytes(file, context, limits.maxBytes) };
}

/** A local header, or the end record of an empty archive: APPNOTE 4.3.7, 4.3.16. */
const isZip = (head: Buffer): boolean =>
  head.length >= 4 && ["PK\x03\x04", "PK\x05\x06"].includes(head.toString("latin1", 0, 4));

/** POSIX.1-2017, pax, ustar interchange format. */
const isTar = (head: Buffer): boolean => head.toString("latin1", 257, 262) === "ustar";

const isPackedTar = (head: Buffer, name: string): boolean =>
  head[0] === 0x1f && head[1] === 0x8b && /\.(tar\.gz|tgz)$/i.test(name);
