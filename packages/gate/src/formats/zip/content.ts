/** Unpacks one member and checks what comes out against the directory. Source: APPNOTE 6.3.10 §4.4.7. @module */

import { crc32, inflateRawSync } from "node:zlib";
import { ArtifactError, type Budget, type ByteSource } from "@sallyport/core";
import { asArtifactError } from "../decompression.ts";
import type { Entry } from "./directory.ts";
import type { ReadAhead } from "./local-header.ts";
import { METHODS } from "./methods.ts";

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
  decoderOf(entry);
}

/** @throws {@link ArtifactError} `artifact.unsupported` */
function decoderOf({ method }: Entry): (packed: Packed) => AsyncIterable<Uint8Array> {
  const decode = METHODS.get(method);
  if (decode === undefined)
    throw new ArtifactError("artifact.unsupported", `zip: compression method ${method} is not supported`);
  return decode;
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
  for await (const chunk of decoderOf(entry)(packed)) {
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

function refuseSize(packed: Packed): never {
  packed.lie("is larger than its archive says");
  throw new ArtifactError("artifact.malformed", "zip: the member is larger than its archive says");
}
