/**
 * Chunks of an installer's data: a mark, then files one after the other in one compressed stream.
 * Source: Inno Setup, Projects/Src/Setup.FileExtractor.pas.
 * @module
 */

import { createHash } from "node:crypto";
import { createInflate } from "node:zlib";
import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import { bzip2 } from "../bzip2/index.ts";
import type { Member, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { decompressOne } from "../self-ending.ts";
import { unpackLzma } from "../xz/lzma-stream.ts";
import { unpackLzma2 } from "../xz/lzma2.ts";
import { Window, windowBytes } from "../xz/window.ts";
import { restoreCalls } from "./call-filter.ts";
import type { Header, Method } from "./header.ts";
import type { Layout } from "./layout.ts";
import type { Location } from "./location.ts";

export const CHUNK_MARK = Buffer.from("zlb\x1a", "latin1");

export interface Installer {
  readonly program: ByteSource;
  readonly context: OpenContext;
  readonly layout: Layout;
  readonly header: Header;
  /** Where the data begins in the program. */
  readonly dataOffset: number;
}

/** The files of one chunk, in the order of their bytes, each to be read before the next. */
export async function* openChunk(
  installer: Installer,
  locations: readonly Location[],
): AsyncGenerator<Member> {
  const [first] = locations;
  if (first === undefined) return;
  const sorted = locations.toSorted((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes);
  const last = sorted.at(-1) ?? first;
  const stream = await startChunk(installer, first, last.offset + last.sizeBytes);
  for (const location of sorted) {
    installer.context.budget.checkTime();
    const name = nameOf(installer.header, location);
    const content = () => takeFile(installer, stream, { location, name });
    yield { name, claimedBytes: location.sizeBytes, content };
  }
  if (stream instanceof ChunkStream) await reportRest(installer, stream, nameOf(installer.header, last));
}

const nameOf = ({ names }: Header, { index }: Location): string => names.get(index) ?? `location-${index}`;

/** The unpacked bytes of a chunk, front to back. */
class ChunkStream {
  readonly packed: FrontReader;
  readonly reader: FrontReader;
  readonly totalBytes: number;

  constructor(packed: FrontReader, unpacked: AsyncIterable<Uint8Array>, totalBytes: number) {
    this.packed = packed;
    this.reader = new FrontReader(unpacked);
    this.totalBytes = totalBytes;
  }
}

/** @returns the stream, or why nothing can be read of it */
async function startChunk(
  { program, context, header, dataOffset }: Installer,
  location: Location,
  totalBytes: number,
): Promise<ChunkStream | ArtifactError> {
  if (location.isEncrypted)
    return new ArtifactError("artifact.unsupported", "Inno Setup: it is encrypted with a password");
  try {
    const at = dataOffset + location.chunkOffset;
    const mark = await readExactly(program, at, CHUNK_MARK.length, "Inno Setup: a chunk");
    if (!mark.equals(CHUNK_MARK)) return malformed("there is no chunk where the table of files says");
    if (at + CHUNK_MARK.length + location.chunkBytes > program.sizeBytes)
      return new ArtifactError("artifact.truncated", "Inno Setup: a chunk is cut short");
    const packed = new FrontReader(program.stream(at + CHUNK_MARK.length, location.chunkBytes));
    const method = location.isCompressed ? header.method : "stored";
    return new ChunkStream(packed, unpack(method, packed, { context, totalBytes }), totalBytes);
  } catch (error) {
    if (error instanceof ArtifactError) return error;
    throw error;
  }
}

async function* unpack(
  method: Method,
  packed: FrontReader,
  { context, totalBytes }: { context: OpenContext; totalBytes: number },
): AsyncGenerator<Uint8Array> {
  const { budget, maxHeldBytes } = context;
  if (method === "stored") yield* piecesOf(packed);
  else if (method === "zlib")
    yield* decompressOne(packed, createInflate(), { budget, what: "Inno Setup: a chunk" });
  else if (method === "lzma") yield* unpackLzma(packed, { budget, maxHeldBytes, sizeBytes: totalBytes });
  else if (method === "lzma2") yield* unpackChunkLzma2(packed, context, totalBytes);
  else
    for await (const member of bzip2.openStream?.(piecesOf(packed), context) ?? []) yield* member.content();
}

/**
 * Before 6.4 the compiler ended each chunk twice: the second time with a stream of nothing. What stands behind an
 * encrypted chunk nobody can tell.
 */
export async function isEmptyStream(
  installer: Installer,
  { isEncrypted }: Location,
  gap: Buffer,
): Promise<boolean> {
  if (isEncrypted) return gap.length <= MOST_END_BYTES;
  const packed = new FrontReader(piecesOfOne(gap));
  const { context, header } = installer;
  const { budget, maxHeldBytes } = context;
  try {
    const unpacked =
      header.method === "lzma"
        ? unpackLzma(packed, { budget, maxHeldBytes })
        : unpack(header.method, packed, { context, totalBytes: 0 });
    for await (const piece of unpacked) if (piece.length > 0) return false;
    return (await packed.piece()) === undefined;
  } catch (error) {
    if (error instanceof ArtifactError) return false;
    throw error;
  }
}

async function* piecesOfOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function* piecesOf(reader: FrontReader): AsyncGenerator<Buffer> {
  for (let piece = await reader.piece(); piece !== undefined; piece = await reader.piece()) yield piece;
}

/** One byte gives the dictionary's size, as in xz. One that is larger than all that comes out is never filled. */
async function* unpackChunkLzma2(
  packed: FrontReader,
  { budget, maxHeldBytes }: OpenContext,
  totalBytes: number,
): AsyncGenerator<Buffer> {
  const property = (await packed.exactly(1, "Inno Setup: a chunk")).readUInt8(0);
  if (property > 40) throw malformed("a chunk's dictionary has an impossible size");
  const claimed = property === 40 ? 0xffff_ffff : (2 + (property & 1)) * 2 ** ((property >> 1) + 11);
  const dictionaryBytes = Math.max(4096, Math.min(claimed, totalBytes));
  const needed = windowBytes(dictionaryBytes);
  if (needed > maxHeldBytes)
    throw new ArtifactError(
      "artifact.over-limit",
      `Inno Setup: the dictionary needs ${needed} bytes at once, ${maxHeldBytes} are allowed`,
    );
  yield* unpackLzma2(packed, new Window(dictionaryBytes), budget);
}

async function* takeFile(
  { context, layout }: Installer,
  stream: ChunkStream | ArtifactError,
  { location, name }: { location: Location; name: string },
): AsyncGenerator<Buffer> {
  if (stream instanceof ArtifactError) throw stream;
  await skipTo(stream, location.offset, context);
  const hash = createHash(layout.location.digest);
  const bytes = takeBytes(stream.reader, location.sizeBytes);
  for await (const piece of location.hasCallFilter ? restoreCalls(bytes, layout.callFilter) : bytes) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== location.digest)
    report(
      context,
      `does not have the ${layout.location.digest.toUpperCase()} checksum its installer gives`,
      name,
    );
}

/** To the file's first byte. Bytes between files are nobody's; a file that begins before the last ended is a lie. */
async function skipTo(stream: ChunkStream, offset: number, context: OpenContext): Promise<void> {
  const { reader } = stream;
  if (reader.offsetBytes > offset) throw malformed("two files share bytes of one chunk");
  if (reader.offsetBytes < offset) report(context, "a chunk holds bytes that belong to no file");
  for await (const _ of takeBytes(reader, offset - reader.offsetBytes)) context.budget.checkTime();
}

async function* takeBytes(reader: FrontReader, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let left = sizeBytes; left > 0; ) {
    const piece = await reader.piece(left);
    if (piece === undefined)
      throw new ArtifactError("artifact.truncated", "Inno Setup: a chunk ends inside a file");
    left -= piece.length;
    yield piece;
  }
}

/** An end mark of LZMA, and the checksum of zlib, may follow the last file's last byte. */
const MOST_END_BYTES = 16;

async function reportRest({ context }: Installer, stream: ChunkStream, last: string): Promise<void> {
  // Nobody read the last file: the descent gave it up, and says so.
  if (stream.reader.offsetBytes !== stream.totalBytes) return;
  try {
    let lengthBytes = 0;
    for (let piece = await stream.reader.piece(); piece !== undefined; piece = await stream.reader.piece())
      lengthBytes += piece.length;
    if (lengthBytes > 0) report(context, "a chunk holds bytes behind its last file");
    const rest = await stream.packed.upTo(MOST_END_BYTES + 1);
    if (rest.length > MOST_END_BYTES) report(context, "a chunk holds bytes behind its compressed data");
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    report(context, `a chunk goes on behind its last file and is damaged there`, last);
  }
}

function report(context: OpenContext, because: string, member?: string): void {
  context.report({
    check: "structure",
    outcome: "fail",
    because,
    facts: {},
    ...(member !== undefined && { member }),
  });
}

const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `Inno Setup: ${what}`);
