/**
 * The unpacked bytes of one folder, from its data blocks. Source: [MS-CAB] §2.4 (CFDATA), §3.1 (checksums).
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { blockChecksum } from "./checksum.ts";
import type { CabinetFolder } from "./header.ts";
import { LzxDecoder } from "./lzx.ts";
import { BLOCK_BYTES, MsZipDecoder } from "./mszip.ts";

/** [MS-CAB] §2.4: what a block may take up packed: some more than unpacked. */
const MAXIMUM_PACKED_BYTES = BLOCK_BYTES + 6144;

interface Decoder {
  decode(block: Buffer, unpackedBytes: number): Buffer;
}

/** Reads a folder once from its beginning. */
export class FolderReader {
  readonly #source: ByteSource;
  readonly #folder: CabinetFolder;
  readonly #reserveBytes: number;
  readonly #budget: Budget;
  readonly #decoder: Decoder;
  #offset: number;
  #blocks = 0;
  #failure: unknown;
  #block: Buffer = Buffer.alloc(0);
  /** Unpacked bytes that were handed out or skipped. */
  #position = 0;

  constructor(
    source: ByteSource,
    folder: CabinetFolder,
    options: { readonly reserveBytes: number; readonly budget: Budget },
  ) {
    this.#source = source;
    this.#folder = folder;
    this.#reserveBytes = options.reserveBytes;
    this.#budget = options.budget;
    this.#decoder = decoderOf(folder);
    this.#offset = folder.dataOffset;
  }

  get position(): number {
    return this.#position;
  }

  /**
   * Hands out the bytes from `start`, which lies at or behind {@link position}.
   * @throws {@link ArtifactError} `artifact.truncated` when the folder ends before, `artifact.malformed`
   */
  async *read(start: number, length: number): AsyncGenerator<Uint8Array> {
    while (this.#position < start) this.#take(await this.#available(start - this.#position));
    for (let rest = length; rest > 0; ) {
      const bytes = this.#take(await this.#available(rest));
      rest -= bytes.length;
      yield bytes;
    }
  }

  /** Unpacks what no file has asked for. @returns how many bytes that was */
  async drain(): Promise<number> {
    const start = this.#position;
    while (this.#block.length > 0 || this.#blocks < this.#folder.dataBlocks) {
      if (this.#block.length === 0) this.#block = await this.#nextBlock();
      this.#take(this.#block.length);
    }
    return this.#position - start;
  }

  #take(count: number): Buffer {
    const bytes = this.#block.subarray(0, count);
    this.#block = this.#block.subarray(count);
    this.#position += count;
    return bytes;
  }

  async #available(wanted: number): Promise<number> {
    while (this.#block.length === 0) {
      if (this.#blocks >= this.#folder.dataBlocks) {
        throw new ArtifactError("artifact.truncated", "cabinet: a folder ends before its files do");
      }
      this.#block = await this.#nextBlock();
    }
    return Math.min(wanted, this.#block.length);
  }

  /** A decoder that failed once has no state to go on from: what lies behind fails alike. */
  async #nextBlock(): Promise<Buffer> {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await this.#decodeBlock();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  async #decodeBlock(): Promise<Buffer> {
    const header = await readExactly(this.#source, this.#offset, 8, "cabinet data block");
    const packedBytes = header.readUInt16LE(4);
    const unpackedBytes = header.readUInt16LE(6);
    if (packedBytes > MAXIMUM_PACKED_BYTES) refuse("a data block is larger than any may be");
    if (unpackedBytes > BLOCK_BYTES) refuse("a data block claims to unpack to more than 32 KiB");
    const start = this.#offset + 8 + this.#reserveBytes;
    const packed = await readExactly(this.#source, start, packedBytes, "cabinet data block");
    this.#offset = start + packedBytes;
    this.#blocks += 1;
    this.#budget.spendBytes(unpackedBytes);
    const checksum = header.readUInt32LE(0);
    // [MS-CAB] §2.4: 0 means that the maker did not compute one.
    if (checksum !== 0 && blockChecksum(header.subarray(4), blockChecksum(packed, 0)) !== checksum) {
      refuse("the checksum of a data block is wrong");
    }
    return this.#decoder.decode(packed, unpackedBytes);
  }
}

function decoderOf(folder: CabinetFolder): Decoder {
  switch (folder.compression) {
    case "none":
      return {
        decode(block, unpackedBytes) {
          if (block.length !== unpackedBytes) refuse("a stored data block has two lengths");
          return block;
        },
      };
    case "mszip":
      return new MsZipDecoder();
    case "lzx":
      return new LzxDecoder(folder.windowBits);
    case "quantum":
      throw new ArtifactError("artifact.unsupported", "cabinet: Quantum compression cannot be opened");
  }
}

function refuse(because: string): never {
  throw new ArtifactError("artifact.malformed", `cabinet: ${because}`);
}
