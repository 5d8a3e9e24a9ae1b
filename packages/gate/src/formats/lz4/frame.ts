/** The headers of LZ4 frames. Source: LZ4 Frame Format Description 1.6.4. @module */

import { ArtifactError } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import { XxHash32 } from "./xxhash.ts";

export const FRAME_MAGIC = 0x184d2204;
/** What Linux kernels are packed with: blocks of 8 MiB, no checksums, no end mark. */
export const LEGACY_MAGIC = 0x184c2102;
export const LEGACY_BLOCK_BYTES = 8 * 1024 * 1024;
const VERSION = 1;

export interface Frame {
  readonly blockBytes: number;
  readonly areBlocksLinked: boolean;
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly contentBytes: bigint | undefined;
}

/** @throws {@link ArtifactError} `artifact.truncated`, `artifact.malformed`, `artifact.unsupported` for dictionaries */
export async function readFrameHeader(reader: FrontReader): Promise<Frame> {
  const fixed = await reader.exactly(2, "lz4: a frame's header");
  const [flags, block] = [fixed.readUInt8(0), fixed.readUInt8(1)];
  const size = (block >> 4) & 7;
  if (flags >> 6 !== VERSION || (flags & 2) !== 0 || (block & 0x8f) !== 0 || size < 4)
    throw new ArtifactError("artifact.malformed", "lz4: a frame's header is damaged");
  const hasSize = (flags & 8) !== 0;
  const hasDictionary = (flags & 1) !== 0;
  const more = await reader.exactly((hasSize ? 8 : 0) + (hasDictionary ? 4 : 0), "lz4: a frame's header");
  const [checksum] = await reader.exactly(1, "lz4: a frame's header");
  const digest = new XxHash32().update(Buffer.concat([fixed, more])).digest();
  if (checksum !== ((digest >>> 8) & 0xff))
    throw new ArtifactError("artifact.malformed", "lz4: a frame's header does not have its checksum");
  if (hasDictionary)
    throw new ArtifactError("artifact.unsupported", "lz4: frames with a dictionary are not supported");
  return {
    blockBytes: 2 ** (8 + 2 * size),
    areBlocksLinked: (flags & 0x20) === 0,
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 4) !== 0,
    contentBytes: hasSize ? more.readBigUInt64LE(0) : undefined,
  };
}
