/**
 * MSZIP: each block is a deflate stream of its own behind the letters CK; it may refer back to the block before.
 * Source: [MS-MCI] §2.1; the dictionary carried between blocks is in [MS-MCI] §2.3.
 * @module
 */

import { type InflateRaw, inflateRawSync, type ZlibOptions } from "node:zlib";
import { ArtifactError } from "@sallyport/core";

/** Bytes a block unpacks to, at most. */
export const BLOCK_BYTES = 32_768;

/** Unpacks the blocks of one folder, in their order. */
export class MsZipDecoder {
  #dictionary: Buffer | undefined;

  /**
   * @param unpackedBytes - what the block claims to unpack to
   * @throws {@link ArtifactError} `artifact.malformed` when it does not, or when bytes follow the deflate stream
   */
  decode(block: Buffer, unpackedBytes: number): Buffer {
    if (block.length < 2 || block.readUInt16BE(0) !== 0x434b) refuse("a block has not the mark of MSZIP");
    const packed = block.subarray(2);
    const unpacked = this.#inflate(packed);
    if (unpacked.length !== unpackedBytes) refuse("a block unpacks to another length than it claims");
    this.#dictionary = unpacked;
    return unpacked;
  }

  #inflate(packed: Buffer): Buffer {
    const options: ZlibOptions & { info: true } = { info: true, maxOutputLength: BLOCK_BYTES };
    if (this.#dictionary !== undefined) options.dictionary = this.#dictionary;
    let result: { buffer: Buffer; engine: InflateRaw };
    try {
      // `info` makes Node return the engine beside the bytes, which its types leave out.
      result = inflateRawSync(packed, options) as unknown as typeof result;
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      throw new ArtifactError("artifact.malformed", "cabinet: an MSZIP block is damaged", { cause: error });
    }
    if (result.engine.bytesWritten !== packed.length) refuse("bytes follow the data of an MSZIP block");
    return result.buffer;
  }
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `cabinet: ${because}`);
}
