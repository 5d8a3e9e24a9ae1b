/** Unpacks one member and checks what comes out against the directory. Source: APPNOTE 6.3.10 §4.4.5, §4.4.7. @module */

import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { ArtifactError, type Budget, type ByteSource } from "@sallyport/core";
import { asArtifactError, decompress } from "../decompression.ts";
import { FrontReader } from "../front-reader.ts";
import { unpackZstd } from "../zstd/index.ts";
import type { Entry } from "./directory.ts";
import type { ReadAhead } from "./local-header.ts";

const SMALL_BYTES = 256 * 1024;
/** The least that node:zlib takes. */
const LEAST_CHUNK_BYTES = 64;

export interface Packed {
  readonly source: ByteSource;
  readonly window: ReadAhead;
  readonly entry: Entry;
  readonly dataOffset: number;
  readonly budget: Budget;
  readonly maxHeldBytes: number;
  lie(because: string): void;
}

/** @throws {@link ArtifactError} `artifact.encrypted`, `artifact.unsupported` */
export function requireReadable(entry: Entry): void {
  if ((entry.flags & 0x2041) !== 0 || entry.method === 99)
    throw new ArtifactError("artifact.encrypted", "zip: the member is encrypted");
  if ((entry.flags & 0x20) !== 0)
    throw new ArtifactError("artifact.unsupported", "zip: the member is a patch");
  if (![0, 8, 93].includes(entry.method))
    throw new ArtifactError(
      "artifact.unsupported",
      `zip: compression method ${entry.method} is not supported`,
    );
}

export async function* unpack(packed: Packed): AsyncGenerator<Uint8Array> {
  const { entry, budget } = packed;
  requireReadable(entry);
  if (entry.method === 8 && entry.packedBytes <= SMALL_BYTES && entry.sizeBytes <= SMALL_BYTES) {
    const whole = await inflateSmall(packed);
    budget.spendBytes(whole.length);
    if (crc32(whole) !== entry.crc) packed.lie("does not have the checksum its archive gives");
    if (whole.length !== entry.sizeBytes) packed.lie("does not have the size its archive gives");
    yield whole;
    return;
  }
  let crc = 0;
  let sizeBytes = 0;
  for await (const chunk of decode(packed)) {
    crc = crc32(chunk, crc);
    sizeBytes += chunk.length;
    if (sizeBytes > entry.sizeBytes) refuseSize(packed);
    yield chunk;
  }
  if (sizeBytes !== entry.sizeBytes) packed.lie("does not have the size its archive gives");
  if (crc !== entry.crc) packed.lie("does not have the checksum its archive gives");
}

/** A stored member is handed out in place, so its checksum is looked at before. */
export async function checkStored(packed: Packed): Promise<void> {
  const { entry, source, dataOffset } = packed;
  if (entry.packedBytes !== entry.sizeBytes) return packed.lie("is stored, with two different sizes");
  let crc = 0;
  if (packed.window.holds(dataOffset, entry.sizeBytes)) {
    crc = crc32(await packed.window.read(dataOffset, entry.sizeBytes, "zip: member"));
  } else {
    for await (const chunk of source.stream(dataOffset, entry.sizeBytes)) {
      packed.budget.checkTime();
      crc = crc32(chunk, crc);
    }
  }
  if (crc !== entry.crc) packed.lie("does not have the checksum its archive gives");
}

async function inflateSmall(packed: Packed): Promise<Buffer> {
  const { entry } = packed;
  const bytes = await packed.window.read(packed.dataOffset, entry.packedBytes, "zip: member");
  try {
    // One byte more than promised is enough to know that the promise is broken.
    const most = entry.sizeBytes + 1;
    const options = { maxOutputLength: most, chunkSize: Math.max(LEAST_CHUNK_BYTES, most), info: true };
    const result: unknown = inflateRawSync(bytes, options);
    const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten !== bytes.length) packed.lie("has bytes after its compressed data");
    return buffer;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      refuseSize(packed);
    throw asArtifactError(error, "zip: the member");
  }
}

function decode(packed: Packed): AsyncIterable<Uint8Array> {
  if (packed.entry.method === 0) return copy(packed);
  return packed.entry.method === 93 ? expandZstd(packed) : inflateLarge(packed);
}

async function* copy({ source, dataOffset, entry, budget }: Packed): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.stream(dataOffset, entry.packedBytes)) {
    budget.spendBytes(chunk.length);
    yield chunk;
  }
}

async function* inflateLarge(packed: Packed): AsyncGenerator<Uint8Array> {
  const { entry, source, budget } = packed;
  const engine = createInflateRaw();
  const bytes = source.stream(packed.dataOffset, entry.packedBytes);
  yield* decompress(bytes, engine, { budget, what: "zip: the member" });
  if (engine.bytesWritten !== entry.packedBytes) packed.lie("has bytes after its compressed data");
}

function expandZstd(packed: Packed): AsyncIterable<Uint8Array> {
  const { entry, source, budget, maxHeldBytes } = packed;
  const reader = new FrontReader(source.stream(packed.dataOffset, entry.packedBytes));
  return unpackZstd(reader, { budget, maxHeldBytes, report: ({ because }) => packed.lie(because) });
}

function refuseSize(packed: Packed): never {
  packed.lie("is larger than its archive says");
  throw new ArtifactError("artifact.malformed", "zip: the member is larger than its archive says");
}
