/**
 * Decodes one bzip2 block: prefix codes, move to front, runs of zeros, block sort and runs of bytes, backwards.
 * Source: the bzip2 1.0.8 sources (decompress.c, bzlib.c).
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { BitInput } from "./bit-input.ts";
import { damaged, type PrefixCode, readPrefixCode } from "./huffman.ts";

const GROUP_SYMBOLS = 50;
/** One for each group of 50 in the largest block; bzip2 1.0.8 reads and drops more. */
const MOST_SELECTORS = 18_002;
const PIECE_BYTES = 256 * 1024;

/** A block's sorted bytes, each with the place of the byte that follows it above its low eight bits. */
export class Block {
  readonly #links: Uint32Array;
  #length = 0;
  #origin = 0;
  #crc = 0;

  /** @param mostBytes - 100,000 times the file's level */
  constructor(mostBytes: number) {
    this.#links = new Uint32Array(mostBytes);
  }

  /** The checksum of what came out so far. */
  get crc(): number {
    return ~this.#crc >>> 0;
  }

  /**
   * Reads a block behind its checksum.
   * @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported`
   */
  read(input: BitInput): void {
    if (input.take(1) !== 0)
      throw new ArtifactError("artifact.unsupported", "bzip2: randomised blocks are not supported");
    this.readBare(input);
  }

  /**
   * Reads a block from its origin on, as formats keep it that leave out the rest.
   * @throws {@link ArtifactError} `artifact.malformed`
   */
  readBare(input: BitInput): void {
    this.#origin = input.take(24);
    const used = readUsedBytes(input);
    const groups = input.take(3);
    const selectors = readSelectors(input, groups);
    const codes = Array.from({ length: groups }, () => readPrefixCode(input, used.length + 2));
    this.#length = this.#readSymbols(input, { used, codes, selectors });
    if (this.#origin >= this.#length) throw damaged();
    this.#link();
  }

  #readSymbols(
    input: BitInput,
    tables: { used: Uint8Array; codes: PrefixCode[]; selectors: Uint8Array },
  ): number {
    const { used: front, codes, selectors } = tables;
    const links = this.#links;
    const endSymbol = front.length + 1;
    let length = 0;
    let run = 0;
    let weight = 1;
    for (const selector of selectors) {
      const code = codes[selector];
      if (code === undefined) throw damaged();
      for (let left = GROUP_SYMBOLS; left > 0; left -= 1) {
        const symbol = code.read(input);
        if (symbol === 0 || symbol === 1) {
          run += weight << symbol;
          weight *= 2;
          if (run > links.length - length) throw damaged();
          continue;
        }
        if (run > 0) {
          links.fill(front[0] as number, length, length + run);
          length += run;
          run = 0;
          weight = 1;
        }
        if (symbol === endSymbol) return length;
        if (symbol < 0 || length >= links.length) throw damaged();
        const byte = front[symbol - 1] as number;
        // A loop, because most moves are short and a call costs more.
        for (let at = symbol - 1; at > 0; at -= 1) front[at] = front[at - 1] as number;
        front[0] = byte;
        links[length++] = byte;
      }
    }
    throw damaged();
  }

  /** Undoes the sort: the n-th of equal bytes in the sorted column is the n-th in the last one. */
  #link(): void {
    const links = this.#links;
    const places = new Uint32Array(257);
    for (let at = 0; at < this.#length; at += 1) {
      const next = ((links[at] as number) & 0xff) + 1;
      places[next] = (places[next] as number) + 1;
    }
    for (let byte = 1; byte < 257; byte += 1)
      places[byte] = (places[byte] as number) + (places[byte - 1] as number);
    for (let at = 0; at < this.#length; at += 1) {
      const byte = (links[at] as number) & 0xff;
      const place = places[byte] as number;
      places[byte] = place + 1;
      links[place] = (links[place] as number) | (at << 8);
    }
  }

  /** What comes out, with runs undone: after four equal bytes stands how many more there are. */
  *content(): Generator<Buffer> {
    const links = this.#links;
    let link = (links[this.#origin] as number) >>> 8;
    let same = 0;
    let last = -1;
    let crc = -1;
    let piece = Buffer.allocUnsafe(PIECE_BYTES);
    let filled = 0;
    for (let left = this.#length; left > 0; left -= 1) {
      const entry = links[link] as number;
      link = entry >>> 8;
      const value = entry & 0xff;
      const isCount = same === 4;
      const count = isCount ? value : 1;
      const byte = isCount ? last : value;
      same = isCount ? 0 : value === last ? same + 1 : 1;
      last = isCount ? -1 : value;
      if (filled + count > PIECE_BYTES) {
        yield piece.subarray(0, filled);
        piece = Buffer.allocUnsafe(PIECE_BYTES);
        filled = 0;
      }
      for (let more = count; more > 0; more -= 1) {
        piece[filled++] = byte;
        crc = (crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] as number);
      }
      this.#crc = crc;
    }
    yield piece.subarray(0, filled);
  }
}

/** Which bytes occur: sixteen marks, each for sixteen bytes. */
function readUsedBytes(input: BitInput): Uint8Array {
  const rows = input.take(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row += 1) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const marks = input.take(16);
    for (let at = 0; at < 16; at += 1) if ((marks & (0x8000 >> at)) !== 0) used.push(row * 16 + at);
  }
  if (used.length === 0) throw damaged();
  return Uint8Array.from(used);
}

/** Which code serves each fifty symbols, by its place in a list whose last used moves to the front. */
function readSelectors(input: BitInput, groups: number): Uint8Array {
  const count = input.take(15);
  if (groups < 2 || groups > 6 || count < 1) throw damaged();
  const order = Uint8Array.from([0, 1, 2, 3, 4, 5]);
  const selectors = new Uint8Array(Math.min(count, MOST_SELECTORS));
  for (let at = 0; at < count; at += 1) {
    let place = 0;
    while (input.take(1) === 1) {
      place += 1;
      if (place >= groups) throw damaged();
    }
    const selector = order[place] as number;
    order.copyWithin(1, 0, place);
    order[0] = selector;
    if (at < MOST_SELECTORS) selectors[at] = selector;
  }
  return selectors;
}

/** CRC-32 with the highest bit first, unlike everybody else's. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});
