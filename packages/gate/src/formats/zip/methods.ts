/** How members are compressed, and what unpacks each. Source: APPNOTE 6.3.10 §4.4.5, §5.8. @module */

import { createInflateRaw } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import { DEFLATE64, inflate } from "../../deflate/inflate.ts";
import { unpackBzip2 } from "../bzip2/index.ts";
import { decompress } from "../decompression.ts";
import type { OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { unpackXz } from "../xz/index.ts";
import { LZMA_PROPERTIES_BYTES, unpackLzma } from "../xz/lzma-stream.ts";
import { unpackZstd } from "../zstd/index.ts";
import type { Packed } from "./content.ts";

const BEHIND = "has bytes after its compressed data";

/** By the method's number. */
export const METHODS: ReadonlyMap<number, (packed: Packed) => AsyncIterable<Uint8Array>> = new Map([
  [0, copy],
  [8, inflateMember],
  [9, inflate64],
  [12, (packed: Packed) => unpackBzip2(...readingOf(packed))],
  [14, expandLzma],
  [93, (packed: Packed) => unpackZstd(...readingOf(packed))],
  [95, (packed: Packed) => unpackXz(...readingOf(packed))],
]);

async function* copy({ source, dataOffset, entry, budget }: Packed): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.stream(dataOffset, entry.packedBytes)) {
    budget.spendBytes(chunk.length);
    yield chunk;
  }
}

async function* inflateMember(packed: Packed): AsyncGenerator<Uint8Array> {
  const { entry, source, budget } = packed;
  const engine = createInflateRaw();
  const bytes = source.stream(packed.dataOffset, entry.packedBytes);
  yield* decompress(bytes, engine, { budget, what: "zip: the member" });
  if (engine.bytesWritten !== entry.packedBytes) packed.lie(BEHIND);
}

async function* inflate64(packed: Packed): AsyncGenerator<Uint8Array> {
  const [reader] = readingOf(packed);
  yield* inflate(reader, packed.budget, DEFLATE64);
  if ((await reader.upTo(1)).length > 0) packed.lie(BEHIND);
}

/** §5.8.8: the version of the program, the length of the properties, the properties, the stream. */
async function* expandLzma(packed: Packed): AsyncGenerator<Uint8Array> {
  const { budget, maxHeldBytes, entry } = packed;
  const [reader] = readingOf(packed);
  const head = await reader.exactly(4, "zip: the member");
  if (head.readUInt16LE(2) !== LZMA_PROPERTIES_BYTES)
    throw new ArtifactError("artifact.malformed", "zip: the properties of LZMA have an impossible length");
  // The flag that promises an end mark (§4.4.4, bit 1) changes nothing: the size is known as well.
  yield* unpackLzma(reader, { budget, maxHeldBytes, sizeBytes: entry.sizeBytes, endMark: "allowed" });
  if ((await reader.upTo(1)).length > 0) packed.lie(BEHIND);
}

function readingOf(packed: Packed): [FrontReader, Pick<OpenContext, "budget" | "maxHeldBytes" | "report">] {
  const { source, dataOffset, entry, budget, maxHeldBytes } = packed;
  const reader = new FrontReader(source.stream(dataOffset, entry.packedBytes));
  return [reader, { budget, maxHeldBytes, report: ({ because }) => packed.lie(because) }];
}
