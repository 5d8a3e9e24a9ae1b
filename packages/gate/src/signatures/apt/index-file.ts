/**
 * An archive's index of packages or of sources, compressed or not, as the archive serves it or as apt keeps it.
 * Source: Debian repository format, "Packages Indices", "Sources Indices".
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, asBuffer, type ByteSource, visitPieces } from "@sallyport/core";
import { bzip2 } from "../../formats/bzip2/index.ts";
import { type Format, HEAD_BYTES, type OpenContext } from "../../formats/format.ts";
import { gzip } from "../../formats/gzip/index.ts";
import { lz4 } from "../../formats/lz4/index.ts";
import { lzma } from "../../formats/lzma/index.ts";
import { xz } from "../../formats/xz/index.ts";
import { zstd } from "../../formats/zstd/index.ts";
import type { VerifyContext } from "../scheme.ts";
import { readStanza, type Stanza } from "./stanza.ts";

const COMPRESSIONS: readonly Format[] = [gzip, xz, bzip2, zstd, lz4, lzma];

export interface IndexFile {
  /** Its lines end in LF, the last one as well. */
  readonly text: Buffer;
  /** Of the file as it is, and of what is in it: the release lists both, and apt keeps neither compression. */
  readonly digests: readonly { readonly hex: string; readonly sizeBytes: number }[];
}

/** @throws {@link ArtifactError} when it is damaged, or too large to be held */
export async function readIndexFile(
  source: ByteSource,
  digest: "sha256" | "sha512",
  context: VerifyContext,
): Promise<IndexFile> {
  const hash = createHash(digest);
  await visitPieces(source, (bytes) => {
    context.budget.checkTime();
    hash.update(bytes);
  });
  const head = asBuffer(await source.read(0, Math.min(HEAD_BYTES, source.sizeBytes)));
  const glimpse = { head, tail: Buffer.alloc(0), sizeBytes: source.sizeBytes };
  const compression = COMPRESSIONS.find((format) => format.recognise(glimpse));
  const text = await hold(unpack(source, compression, context), context);
  return {
    text: withLineEnds(text),
    digests: [
      { hex: hash.digest("hex"), sizeBytes: source.sizeBytes },
      { hex: createHash(digest).update(text).digest("hex"), sizeBytes: text.length },
    ],
  };
}

/** As a text it is held several times over; a whole distribution's index is no larger, and has no such line ends. */
const MOST_CONVERTED_BYTES = 64 * 1024 * 1024;

/** Whoever writes an index by hand may leave out the last line end, or work on Windows; apt takes both. */
function withLineEnds(text: Buffer): Buffer {
  const unix =
    text.length <= MOST_CONVERTED_BYTES && text.includes("\r\n")
      ? Buffer.from(text.toString("latin1").replaceAll("\r\n", "\n"), "latin1")
      : text;
  return unix.length === 0 || unix.at(-1) === 0x0a ? unix : Buffer.concat([unix, Buffer.from("\n")]);
}

async function* unpack(
  source: ByteSource,
  compression: Format | undefined,
  { budget, maxHeldBytes }: VerifyContext,
): AsyncGenerator<Uint8Array> {
  if (compression?.openStream === undefined) return yield* source.stream();
  const context: OpenContext = {
    budget,
    maxHeldBytes,
    // The whole text is compared with a signed digest: what is odd about its wrapping lets nothing in.
    report: () => undefined,
    refineFormat: () => undefined,
    claimIdentity: () => undefined,
    offsetInParentBytes: 0,
    memberNames: undefined,
  };
  for await (const member of compression.openStream(source.stream(), context)) yield* member.content();
}

async function hold(
  pieces: AsyncIterable<Uint8Array>,
  { budget, maxHeldBytes }: VerifyContext,
): Promise<Buffer> {
  const held: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of pieces) {
    budget.checkTime();
    sizeBytes += piece.length;
    // Held twice for a moment, when the pieces are joined.
    if (sizeBytes > maxHeldBytes / 2)
      throw new ArtifactError("artifact.over-limit", "apt: the index is too large to be held");
    held.push(Uint8Array.from(piece));
  }
  return Buffer.concat(held);
}

/** Every paragraph with a line that begins so; with LF at its end, the whole line. */
export function* findStanzas(text: Buffer, beginning: string): Generator<Stanza> {
  const needle = Buffer.from(beginning, "utf8");
  let from = 0;
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, from)) {
    from = at + needle.length;
    if (at > 0 && text[at - 1] !== 0x0a) continue;
    const start = at === 0 ? 0 : text.lastIndexOf("\n\n", at) + 1;
    const found = text.indexOf("\n\n", at);
    const end = found < 0 ? text.length : found + 1;
    from = Math.max(end, from);
    yield readStanza(text.toString("utf8", start, end));
  }
}

/** Whether a package or source file of the index has the name, by its line of path or of digest, size and name. */
export function listsName({ text }: Pick<IndexFile, "text">, name: string): boolean {
  const needle = Buffer.from(`${name}\n`, "utf8");
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const start = at === 0 ? 0 : text.lastIndexOf(0x0a, at - 1) + 1;
    const front = text.toString("latin1", start, at);
    if (/^Filename: (?:.*\/)?$/.test(front) || /^ [0-9a-f]{64} [0-9]+ $/.test(front)) return true;
  }
  return false;
}
