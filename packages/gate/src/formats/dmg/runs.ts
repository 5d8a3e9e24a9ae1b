/** The sectors of one partition, run by run, unpacked, and its checksum compared. Source: libdmg-hfsplus, `io.c`. @module */

import { crc32, createInflate } from "node:zlib";
import { ArtifactError, asBuffer, type ByteSource, readExactly } from "@sallyport/core";
import { unpackLzfse } from "../../lzfse/unpack-lzfse.ts";
import { bzip2 } from "../bzip2/index.ts";
import type { Format, OpenContext } from "../format.ts";
import { FrontReader } from "../front-reader.ts";
import { decompressOne } from "../self-ending.ts";
import { xz } from "../xz/index.ts";
import { unpackAdc } from "./adc.ts";
import { type Partition, RUN, type Run } from "./partitions.ts";
import { CRC32, malformed, SECTOR_BYTES } from "./trailer.ts";

const ZEROS = Buffer.alloc(256 * 1024);

/** @throws {@link ArtifactError} `artifact.malformed` when it is damaged, `artifact.truncated`, `artifact.unsupported` */
export async function* readSectors(
  source: ByteSource,
  { runs, checksum }: Partition,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  for (const run of runs) {
    context.budget.checkTime();
    for await (const piece of unpackRun(source, run, context)) {
      // What is ignored when the image is read back is left out of its checksum, too.
      if (checksum.kind === CRC32 && run.kind !== RUN.ignored) sum = crc32(piece, sum);
      yield piece;
    }
  }
  if (checksum.kind === CRC32 && sum !== checksum.value)
    throw malformed("a partition does not have the checksum that the image gives");
}

async function* unpackRun(source: ByteSource, run: Run, context: OpenContext): AsyncGenerator<Uint8Array> {
  const sizeBytes = run.sectorCount * SECTOR_BYTES;
  if (run.kind === RUN.zero || run.kind === RUN.ignored) {
    yield* zeros(sizeBytes, context);
    return;
  }
  if (run.offsetBytes + run.sizeBytes > source.sizeBytes)
    throw new ArtifactError("artifact.truncated", "disk image: a run is cut short");
  let foundBytes = 0;
  for await (const piece of unpack(source, { ...run, unpackedBytes: sizeBytes }, context)) {
    foundBytes += piece.length;
    if (foundBytes > sizeBytes) break;
    yield piece;
  }
  if (foundBytes !== sizeBytes) throw malformed("a run unpacks to another number of sectors");
}

type Packed = Run & { readonly unpackedBytes: number };

function unpack(source: ByteSource, run: Packed, context: OpenContext): AsyncIterable<Uint8Array> {
  const raw = source.stream(run.offsetBytes, run.sizeBytes);
  switch (run.kind) {
    case RUN.raw:
      return raw;
    case RUN.zlib:
      return inflate(raw, context);
    case RUN.bzip2:
      return through(bzip2, raw, context);
    case RUN.lzma:
      return through(xz, raw, context);
    case RUN.adc:
      return whole(source, { run, context, unpack: unpackAdc });
    case RUN.lzfse:
      return whole(source, { run, context, unpack: unpackLzfse });
    default:
      throw new ArtifactError("artifact.unsupported", `disk image: packing 0x${run.kind.toString(16)}`);
  }
}

async function* zeros(sizeBytes: number, context: OpenContext): AsyncGenerator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= ZEROS.length) {
    context.budget.checkTime();
    yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
  }
}

/** Some tools fill the place of a run up with zeros. */
async function* inflate(raw: AsyncIterable<Uint8Array>, context: OpenContext): AsyncGenerator<Uint8Array> {
  const reader = new FrontReader(raw);
  yield* decompressOne(reader, createInflate(), { budget: context.budget, what: "disk image: a run" });
  for (let rest = await reader.piece(); rest !== undefined; rest = await reader.piece())
    if (rest.some((byte) => byte !== 0)) throw malformed("bytes stand behind the data of a run");
}

async function* through(
  format: Format,
  raw: AsyncIterable<Uint8Array>,
  context: OpenContext,
): AsyncGenerator<Uint8Array> {
  for await (const member of format.openStream?.(raw, context) ?? []) yield* member.content();
}

/** Those that look back anywhere are held whole; writers make runs of one mebibyte at most. */
async function* whole(
  source: ByteSource,
  asked: { run: Packed; context: OpenContext; unpack: (packed: Buffer, sizeBytes: number) => Buffer },
): AsyncGenerator<Uint8Array> {
  const { run, context } = asked;
  if (run.unpackedBytes + run.sizeBytes > context.maxHeldBytes)
    throw new ArtifactError("artifact.over-limit", "disk image: a run that is larger than may be held");
  context.budget.spendBytes(run.unpackedBytes);
  const packed = await readExactly(source, run.offsetBytes, run.sizeBytes, "disk image: a run");
  yield asBuffer(asked.unpack(packed, run.unpackedBytes));
}
