/**
 * One file's bytes out of the heap, unpacked, with both checksums compared. Source: Apple, xar 1.8, `lib/data.c`,
 * `lib/zxar.c`, `lib/bzxar.c`, `lib/lzmaxar.c`; "gzip" is zlib there.
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { createInflate } from "node:zlib";
import { ArtifactError, type ByteSource } from "@sallyport/core";
import { bzip2 } from "../bzip2/index.ts";
import type { Format, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { lzma } from "../lzma/index.ts";
import { decompressOne } from "../self-ending.ts";
import { xz } from "../xz/index.ts";
import type { Checksum, XarData } from "./table.ts";

/** @throws {@link ArtifactError} `artifact.malformed` when it is damaged or a checksum differs, `artifact.unsupported` */
export async function* readContent(
  source: ByteSource,
  data: XarData,
  { heapOffsetBytes, context }: { heapOffsetBytes: number; context: OpenContext },
): AsyncGenerator<Uint8Array> {
  const start = heapOffsetBytes + data.offsetBytes;
  if (start + data.archivedBytes > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "xar: a file is cut short");
  const archived = new Sum(data.archivedChecksum, "archived");
  const extracted = new Sum(data.extractedChecksum, "extracted");
  let sizeBytes = 0;
  const raw = archived.pass(source.stream(start, data.archivedBytes));
  for await (const piece of unpack(raw, data.encoding, context)) {
    sizeBytes += piece.length;
    if (sizeBytes > data.extractedBytes) break;
    extracted.update(piece);
    yield piece;
  }
  if (sizeBytes !== data.extractedBytes)
    throw malformed(`a file unpacks to another size than ${data.extractedBytes} bytes`);
  archived.compare();
  extracted.compare();
}

function unpack(
  raw: AsyncIterable<Uint8Array>,
  encoding: string,
  context: OpenContext,
): AsyncIterable<Uint8Array> {
  switch (encoding.toLowerCase()) {
    case "application/octet-stream":
      return raw;
    case "application/x-gzip":
    case "application/zlib":
      return inflate(raw, context);
    case "application/x-bzip2":
      return through(bzip2, raw, context);
    case "application/x-lzma":
      return through(lzma, raw, context);
    case "application/x-xz":
      return through(xz, raw, context);
    default:
      throw new ArtifactError("artifact.unsupported", `xar: the encoding ${encoding.slice(0, 80)}`);
  }
}

async function* inflate(raw: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Uint8Array> {
  const reader = new FrontReader(raw);
  yield* decompressOne(reader, createInflate(), { budget: context.budget, what: "xar: a file" });
  if ((await reader.upTo(1)).length > 0) throw malformed("bytes stand behind a file's compressed data");
}

async function* through(
  format: Format,
  raw: AsyncIterable<Uint8Array>,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  for await (const member of format.openStream?.(raw, context) ?? []) yield* member.content();
}

const DIGESTS: ReadonlySet<string> = new Set(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]);

/** A digest taken while the bytes pass; one that is not known here cannot be compared, which only a signature minds. */
class Sum {
  readonly #expected: Checksum | undefined;
  readonly #hash: Hash | undefined;
  readonly #what: string;

  constructor(expected: Checksum | undefined, what: string) {
    this.#expected = expected;
    this.#hash = expected && DIGESTS.has(expected.style) ? createHash(expected.style) : undefined;
    this.#what = what;
  }

  update(piece: Uint8Array): void {
    this.#hash?.update(piece);
  }

  async *pass(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      this.update(piece);
      yield piece;
    }
  }

  compare(): void {
    if (this.#hash === undefined || this.#expected === undefined) return;
    if (!this.#hash.digest().equals(this.#expected.value))
      throw malformed(`a file's ${this.#what} bytes do not have the checksum that the table gives`);
  }
}

const malformed = (what: string): ArtifactError => new ArtifactError("artifact.malformed", `xar: ${what}`);
