/** Compares the index at a stream's end with the blocks that were read. Source: xz-file-format 1.2.1 §4, §2.1.2. @module */

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Budget } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import { encodeNumber, malformed, readNumber } from "./container.ts";

/** Remembers blocks by a digest, so that millions of them need no memory. */
export class BlockList {
  readonly #hash = createHash("sha256");
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param unpaddedBytes - header, packed data and check */
  add(unpaddedBytes: number, sizeBytes: number): void {
    this.#hash.update(encodeNumber(unpaddedBytes)).update(encodeNumber(sizeBytes));
    this.#count += 1;
  }

  equals(other: BlockList): boolean {
    return this.#count === other.#count && this.#hash.digest().equals(other.#hash.digest());
  }
}

/**
 * Reads index and footer; the index's first byte was taken already.
 * @throws {@link ArtifactError} `artifact.malformed` when they do not describe the blocks
 */
export async function readIndex(
  reader: FrontReader,
  blocks: BlockList,
  options: { streamFlags: Buffer; budget: Budget },
): Promise<void> {
  const startBytes = reader.offsetBytes - 1;
  let crc = crc32(Buffer.from([0]));
  const next = async (): Promise<number> => {
    const byte = await reader.exactly(1, "xz: index");
    crc = crc32(byte, crc);
    return byte.readUInt8(0);
  };
  const listed = new BlockList();
  const count = await readNumber(next);
  if (count !== blocks.count) throw malformed("the index counts other blocks");
  while (listed.count < count) {
    if (listed.count % 1024 === 0) options.budget.checkTime();
    listed.add(await readNumber(next), await readNumber(next));
  }
  if (!listed.equals(blocks)) throw malformed("the index describes other blocks");
  while ((reader.offsetBytes - startBytes) % 4 !== 0)
    if ((await next()) !== 0) throw malformed("the index's padding is not zero");
  const checksum = await reader.exactly(4, "xz: index");
  if (checksum.readUInt32LE(0) !== crc) throw malformed("the index is damaged");
  const indexBytes = reader.offsetBytes - startBytes;
  const footer = await reader.exactly(12, "xz: stream footer");
  if (
    footer.toString("latin1", 10) !== "YZ" ||
    footer.readUInt32LE(0) !== crc32(footer.subarray(4, 10)) ||
    (footer.readUInt32LE(4) + 1) * 4 !== indexBytes ||
    !footer.subarray(8, 10).equals(options.streamFlags)
  )
    throw malformed("the stream footer is damaged");
}
