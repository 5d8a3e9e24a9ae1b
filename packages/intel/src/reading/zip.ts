/**
 * Documents of a zip archive. The directory is walked by `yauzl`; an entry's bytes are read at once, bounded before and while
 * they are unpacked, and checked against their CRC.
 * @module
 */

import { Readable } from "node:stream";
import { crc32, inflateRawSync } from "node:zlib";
import { type ByteSource, hasCode } from "@sallyport/core";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SourceFile } from "../source.ts";
import { overLimit } from "./content.ts";
import type { DocumentLimits, FeedDocument } from "./documents.ts";

/** APPNOTE 4.4.5. */
const STORED = 0;
const DEFLATED = 8;

/** As {@link documentsOf} says. */
export async function* zipDocuments(
  file: SourceFile,
  context: ReadContext,
  { wants, maxBytes }: DocumentLimits,
): AsyncGenerator<FeedDocument> {
  const archive = await openArchive(file);
  try {
    for await (const entry of archive.eachEntry()) {
      context.budget.spendEntry();
      const { fileName: name } = entry;
      if (name.endsWith("/") || !wants(name)) continue;
      const place = `${file.name}/${name}`;
      if (entry.uncompressedSize > maxBytes || entry.compressedSize > maxBytes)
        throw overLimit(place, maxBytes);
      const bytes = await readEntry(archive, entry, { place, source: file.source });
      context.budget.spendBytes(bytes.length);
      yield { place, name, bytes };
    }
  } catch (error) {
    throw zipError(error, file.name);
  } finally {
    archive.close();
  }
}

/**
 * When the newest entry of a zip archive was made, as its directory says, and not later than now.
 * @returns ISO 8601, UTC; undefined for what is no zip, and where nobody set a time
 */
export async function zipDate(file: SourceFile, { budget, now }: ReadContext): Promise<string | undefined> {
  const head = Buffer.from(await file.source.read(0, Math.min(4, file.source.sizeBytes)));
  if (head.toString("latin1") !== "PK\x03\x04") return undefined;
  const archive = await openArchive(file);
  let newest = NO_TIME;
  try {
    for await (const entry of archive.eachEntry()) {
      budget.spendEntry();
      newest = Math.max(newest, entry.getLastModDate({ timezone: "UTC" }).getTime() || 0);
    }
  } catch (error) {
    throw zipError(error, file.name);
  } finally {
    archive.close();
  }
  return newest === NO_TIME ? undefined : new Date(Math.min(newest, now.getTime())).toISOString();
}

/** Where nobody sets one, programs write the first day that a zip can name. */
const NO_TIME = Date.UTC(1980, 0, 2);

async function openArchive({ name, source }: SourceFile): Promise<ZipFile> {
  try {
    const archive = await fromRandomAccessReaderPromise(new SourceReader(source), source.sizeBytes, {
      autoClose: false,
    });
    if (archive.entryCount > 0 && source.sizeBytes < archive.entryCount * 46)
      throw FeedError.at(name, "names more entries than it can hold");
    return archive;
  } catch (error) {
    throw zipError(error, name);
  }
}

async function readEntry(
  archive: ZipFile,
  entry: Entry,
  { place, source }: { readonly place: string; readonly source: ByteSource },
): Promise<Uint8Array> {
  const { compressedSize, uncompressedSize, compressionMethod } = entry;
  if (entry.isEncrypted()) throw FeedError.at(place, "is encrypted");
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
    throw FeedError.at(place, `uses compression method ${compressionMethod}`);
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  if (fileDataStart + compressedSize > source.sizeBytes)
    throw FeedError.at(place, "reaches past the end of its archive", "feed.truncated");
  const packed = await source.read(fileDataStart, compressedSize);
  const bytes = compressionMethod === STORED ? packed : inflate(packed, uncompressedSize, place);
  if (bytes.length !== uncompressedSize || crc32(bytes) !== entry.crc32)
    throw FeedError.at(place, "is not what its archive says it is");
  return bytes;
}

function inflate(packed: Uint8Array, uncompressedSize: number, place: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, uncompressedSize) });
  } catch (cause) {
    throw new FeedError("feed.malformed", `${place}: its compressed data is damaged`, { cause });
  }
}

function zipError(error: unknown, name: string): unknown {
  if (error instanceof FeedError || hasCode(error, "artifact.over-limit")) return error;
  return new FeedError("feed.malformed", `${name}: is no zip archive that can be read`, { cause: error });
}

/** `yauzl` over a {@link ByteSource}. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#source.stream(start, end - start));
  }

  override read(
    target: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#source.read(position, length).then(
      (bytes) => {
        target.set(bytes, offset);
        callback(null, bytes.length);
      },
      (error: Error) => callback(error),
    );
  }
}
