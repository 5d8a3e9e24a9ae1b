/**
 * What an Inno Setup installer carries behind its stub: its files in chunks, a header that names them, and the engine
 * that installs them. Source: Inno Setup, Projects/Src/Shared.Struct.pas and Setup.FileExtractor.pas.
 * @module
 */

import { crc32 } from "node:zlib";
import { ArtifactError, type ByteSource, readExactly } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { type Span, unclaimedMembers } from "../installer-span.ts";
import { readBlock } from "./block.ts";
import { restoreCalls } from "./call-filter.ts";
import { CHUNK_MARK, type Installer, isEmptyStream, openChunk } from "./chunk.ts";
import { readHeader } from "./header.ts";
import { type Layout, layoutOf, readVersion } from "./layout.ts";
import { type Location, readLocations } from "./location.ts";
import { HEADER_NAME, type Place, placeParts } from "./place.ts";

const SLICE_MARKS = [Buffer.from("idska32\x1a", "latin1"), Buffer.from("idskb32\x1a", "latin1")];
const NAME_BYTES = 64;
/** Headers hold pictures and texts; the largest that people built have some megabytes. */
const MOST_HEADER_BYTES = 64 * 1024 * 1024;

export const inno: Format = {
  id: "inno",
  title: "Inno Setup installer's data",
  document: "Inno Setup sources, Projects/Src/Shared.Struct.pas",
  recognise: ({ head }: Glimpse) =>
    [CHUNK_MARK, HEADER_NAME, ...SLICE_MARKS].some((mark) => head.subarray(0, mark.length).equals(mark)),
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const place = await placeParts(source, context);
  const { program, headerOffset } = place;
  const version = readVersion(await readExactly(program, headerOffset, NAME_BYTES, "Inno Setup: the header"));
  const layout = layoutOf(version);
  const first = await readBlock(
    program,
    blockAt(headerOffset + NAME_BYTES + layout.encryptionBytes, layout),
    context,
  );
  const second = await readBlock(program, blockAt(first.end, layout), context);
  await requireReadable(program, headerOffset + NAME_BYTES, layout);
  const bytes = await hold(first.content(), context);
  const header = readHeader(bytes, { layout, version, budget: context.budget });
  const locations = readLocations(await hold(second.content(), context), layout, version);
  if (locations.length !== header.locationCount)
    throw new ArtifactError(
      "artifact.unsupported",
      `Inno Setup: the tables are not those of version ${version.text}`,
    );
  context.claimIdentity(header.identity);
  for (const [index, library] of header.libraries.entries())
    yield memberOf(`setup/library-${index}.dll`, library);
  if (header.code.length > 0) yield memberOf("setup/code.ifps", header.code);
  const spans: Span[] = [{ start: headerOffset, end: second.end }];
  if (place.dataOffset === undefined) reportElsewhere(locations, context);
  else {
    const installer = { program, context, layout, header, dataOffset: place.dataOffset };
    spans.push(...chunkSpans(installer, locations));
    for (const chunk of Map.groupBy(locations, ({ chunkOffset }) => chunkOffset).values())
      yield* openChunk(installer, chunk);
  }
  yield* openEngine(place, { layout, context, spans, headerEnd: second.end });
  yield* unclaimedMembers(place, spans, context);
}

const blockAt = (offset: number, layout: Layout) => ({ offset, sizeBytes: layout.blockSizeBytes });

/** From 6.5 on the header may be encrypted as a whole. */
async function requireReadable(
  program: ByteSource,
  offset: number,
  { encryptionBytes }: Layout,
): Promise<void> {
  if (encryptionBytes === 0) return;
  const bytes = await readExactly(program, offset, encryptionBytes, "Inno Setup: the header");
  if (crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0))
    throw new ArtifactError(
      "artifact.malformed",
      "Inno Setup: the header does not have the checksum it gives",
    );
  if (bytes.readUInt8(4) === 2)
    throw new ArtifactError("artifact.unsupported", "Inno Setup: it is encrypted with a password");
}

async function hold(content: AsyncIterable<Buffer>, { maxHeldBytes }: OpenContext): Promise<Buffer> {
  const most = Math.min(MOST_HEADER_BYTES, maxHeldBytes);
  const bytes = await new FrontReader(content).upTo(most + 1);
  if (bytes.length > most)
    throw new ArtifactError(
      "artifact.over-limit",
      `Inno Setup: the header needs more than ${most} bytes at once`,
    );
  return bytes;
}

async function* bytesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

const memberOf = (name: string, bytes: Buffer): Member => ({
  name,
  claimedBytes: bytes.length,
  content: () => bytesOf(bytes),
});

/** Set-up reads such files from disks that lie beside it. */
function reportElsewhere(locations: readonly Location[], context: OpenContext): void {
  if (locations.length === 0) return;
  context.report({
    check: "opened",
    outcome: "unknown",
    because: `its ${locations.length} files lie in disks of their own beside it (${"setup-1.bin"} and on), which are not here`,
    facts: { code: "artifact.unsupported", limit: "", files: locations.length },
  });
}

/** Each chunk once. Files of one chunk that disagree about its size are told by the gap or overlap that follows. */
function chunkSpans(installer: Installer, locations: readonly Location[]): Span[] {
  const spans = new Map<number, Span>();
  for (const location of locations) {
    const start = installer.dataOffset + location.chunkOffset;
    const end = start + CHUNK_MARK.length + location.chunkBytes;
    const explains = (gap: Buffer) => isEmptyStream(installer, location, gap);
    spans.set(start, { start, end: Math.max(end, spans.get(start)?.end ?? 0), explains });
  }
  return [...spans.values()];
}

interface EngineRequest {
  readonly layout: Layout;
  readonly context: OpenContext;
  readonly spans: Span[];
  readonly headerEnd: number;
}

/** The program that does the installing. Without the table it can only be what follows the header. */
async function* openEngine(place: Place, request: EngineRequest): AsyncGenerator<Member> {
  const { program, engine } = place;
  const { layout, context, spans, headerEnd } = request;
  if (engine === undefined && headerEnd >= place.end) return;
  if (engine?.offset === 0) return;
  const offset = engine?.offset ?? headerEnd;
  const unpackedBytes = engine?.sizeBytes;
  const at = { ...blockAt(offset, layout), ...(unpackedBytes !== undefined && { unpackedBytes }) };
  const block = await readBlock(program, at, context);
  spans.push({ start: offset, end: block.end });
  const name = "setup/engine.exe";
  async function* content(): AsyncGenerator<Buffer> {
    let sum = 0;
    const restored = restoreCalls(block.content(), layout.callFilter, Number.POSITIVE_INFINITY);
    for await (const piece of restored) {
      sum = crc32(piece, sum);
      yield piece;
    }
    if (engine === undefined || sum === engine.crc) return;
    const because = "does not have the checksum its installer gives";
    context.report({ check: "structure", outcome: "fail", because, facts: {}, member: name });
  }
  yield { name, ...(unpackedBytes !== undefined && { claimedBytes: unpackedBytes }), content };
}
