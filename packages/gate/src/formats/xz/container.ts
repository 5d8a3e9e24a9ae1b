/** The headers around LZMA2 data. Source: xz-file-format 1.2.1, sections as given. @module */

import { crc32 } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import type { FrontReader } from "../front-reader.ts";
import type { FilterFlags } from "./filters/index.ts";

export const STREAM_MAGIC = Buffer.from("fd377a585a00", "hex");
const LZMA2 = 0x21;
const FILTERS_BESIDE_LAST = 0x03;
const RESERVED = 0x3c;
const HAS_PACKED_SIZE = 0x40;
const HAS_SIZE = 0x80;

export const malformed = (what: string): ArtifactError =>
  new ArtifactError("artifact.malformed", `xz: ${what}`);

/** §2.1.1. @returns the flags, whose second byte names the check */
export async function readStreamHeader(reader: FrontReader): Promise<Buffer> {
  const header = await reader.exactly(12, "xz: stream header");
  const flags = header.subarray(6, 8);
  if (!header.subarray(0, 6).equals(STREAM_MAGIC)) throw malformed("this is no stream");
  if (crc32(flags) !== header.readUInt32LE(8)) throw malformed("the stream header is damaged");
  if (flags[0] !== 0 || flags.readUInt8(1) > 15)
    throw new ArtifactError("artifact.unsupported", "xz: the stream's flags are not supported");
  return flags;
}

export interface BlockHeader {
  readonly headerBytes: number;
  /** In front of LZMA2, in the order in which the compressor applied them. */
  readonly filters: readonly FilterFlags[];
  readonly dictionaryBytes: number;
  readonly packedBytes: number | undefined;
  readonly sizeBytes: number | undefined;
}

/** §3.1. @returns undefined when the index begins instead; its first byte is taken */
export async function readBlockHeader(reader: FrontReader): Promise<BlockHeader | undefined> {
  const first = await reader.exactly(1, "xz: block header");
  if (first[0] === 0) return undefined;
  const headerBytes = (first.readUInt8(0) + 1) * 4;
  const header = Buffer.concat([first, await reader.exactly(headerBytes - 1, "xz: block header")]);
  const body = header.subarray(0, -4);
  if (crc32(body) !== header.readUInt32LE(headerBytes - 4)) throw malformed("a block header is damaged");
  const flags = header.readUInt8(1);
  const fields = new Fields(body.subarray(2));
  const packedBytes = (flags & HAS_PACKED_SIZE) === 0 ? undefined : fields.number();
  const sizeBytes = (flags & HAS_SIZE) === 0 ? undefined : fields.number();
  if ((flags & RESERVED) !== 0)
    throw new ArtifactError("artifact.unsupported", "xz: a block header's flags are not supported");
  const filters = Array.from({ length: flags & FILTERS_BESIDE_LAST }, () => readFilter(fields));
  const last = readFilter(fields);
  if (last.id !== LZMA2)
    throw new ArtifactError("artifact.unsupported", `xz: filter ${last.id} is not supported as the last one`);
  if (last.properties.length !== 1) throw malformed("the filter's properties are damaged");
  const dictionaryBytes = dictionaryOf(last.properties.readUInt8(0));
  if (!fields.restIsZero()) throw malformed("a block header's padding is not zero");
  return { headerBytes, filters, dictionaryBytes, packedBytes, sizeBytes };
}

/** §3.1.5 */
function readFilter(fields: Fields): FilterFlags {
  const id = fields.number();
  return { id, properties: fields.bytes(fields.number()) };
}

/** §5.3.1 */
function dictionaryOf(bits: number): number {
  if (bits > 40) throw malformed("the dictionary has an impossible size");
  return bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
}

/** §1.2: seven bits a byte, lowest first, no longer than needed. */
export function encodeNumber(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push(0x80 + (rest % 128));
  return Buffer.from([...bytes, rest]);
}

/** @param next - gives the next byte; sizes beyond 2^53 are refused as impossible */
function* decodeNumber(): Generator<undefined, number, number> {
  let value = 0;
  for (let scale = 1, byte = 0x80; byte >= 0x80; scale *= 128) {
    byte = yield;
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value) || (byte === 0 && scale > 1)) throw malformed("a number is impossible");
  }
  return value;
}

export async function readNumber(next: () => Promise<number>): Promise<number> {
  const decoder = decodeNumber();
  for (let step = decoder.next(0); ; step = decoder.next(await next())) if (step.done) return step.value;
}

class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw malformed("a block header is damaged");
    this.#at += 1;
    return byte;
  }

  bytes(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length < length) throw malformed("a block header is damaged");
    this.#at += length;
    return bytes;
  }

  number(): number {
    const decoder = decodeNumber();
    for (let step = decoder.next(0); ; step = decoder.next(this.byte())) if (step.done) return step.value;
  }

  restIsZero(): boolean {
    return this.#bytes.subarray(this.#at).every((byte) => byte === 0);
  }
}
