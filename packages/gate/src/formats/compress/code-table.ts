/** The strings that codes of compress(1) stand for, and the decoding of them. Source: ncompress 5.0, `compress.c`. @module */

import { ArtifactError } from "@sallyport/core";

const FIRST_BITS = 9;
const CLEAR = 256;
const FIRST_ROOM_BYTES = 256 * 1024;

export class CodeTable {
  readonly #mostBits: number;
  readonly #hasClear: boolean;
  readonly #prefix = new Uint16Array(65_536);
  readonly #suffix = new Uint8Array(65_536);
  /** Of the string a code stands for; each is one byte longer than an earlier one, so that 16 bits suffice. */
  readonly #lengths = new Uint16Array(65_536).fill(1);
  #output: Buffer = Buffer.allocUnsafe(FIRST_ROOM_BYTES);
  #outputBytes = 0;
  #codeBits = FIRST_BITS;
  #free: number;
  #previous = -1;
  #firstByte = 0;

  /** @param hasClear - code 256 empties the table, as in everything written since 1986 */
  constructor(mostBits: number, hasClear: boolean) {
    this.#mostBits = mostBits;
    this.#hasClear = hasClear;
    this.#free = hasClear ? CLEAR + 1 : CLEAR;
    for (let byte = 0; byte < 256; byte += 1) this.#suffix[byte] = byte;
  }

  takeOutput(): Buffer {
    const piece = Buffer.from(this.#output.subarray(0, this.#outputBytes));
    this.#outputBytes = 0;
    return piece;
  }

  /**
   * Decodes whole groups of eight codes, which take as many bytes as a code has bits, until there is much output.
   * @param isLast - nothing follows the input: its last group may be short
   * @returns how many bytes were taken
   * @throws {@link ArtifactError} `artifact.malformed`
   */
  decode(input: Buffer, isLast: boolean, muchBytes: number): number {
    let at = 0;
    while (this.#outputBytes < muchBytes) {
      const end = at + this.#codeBits;
      if (end <= input.length) this.#decodeGroup(input, at, end);
      else if (!isLast) return at;
      else {
        this.#decodeGroup(input, at, input.length);
        return input.length;
      }
      at = end;
    }
    return at;
  }

  /** When codes grow or the table is emptied, the rest of the group is filling. */
  #decodeGroup(input: Buffer, from: number, to: number): void {
    const bits = this.#codeBits;
    let at = from * 8;
    for (; at + bits <= to * 8; at += bits) {
      const code = readCode(input, at, bits);
      if (code === CLEAR && this.#hasClear) {
        this.#free = CLEAR;
        this.#codeBits = FIRST_BITS;
        return;
      }
      this.#take(code);
      if (this.#growIfFull()) return;
    }
    // A whole group leaves no bit over.
    if (hasBits(input, at, to)) throw damaged();
  }

  #growIfFull(): boolean {
    const grows = this.#free > 2 ** this.#codeBits - 1 && this.#codeBits < this.#mostBits;
    if (grows) this.#codeBits += 1;
    return grows;
  }

  #take(code: number): void {
    const isNew = code === this.#free && this.#previous >= 0;
    // Before the first code no other than a byte stands for anything.
    if (this.#previous < 0 ? code >= CLEAR : code > this.#free) throw damaged();
    const known = isNew ? this.#previous : code;
    const knownBytes = this.#lengths[known] as number;
    const sizeBytes = knownBytes + (isNew ? 1 : 0);
    this.#makeRoom(sizeBytes);
    this.#firstByte = this.#writeString(known, this.#outputBytes + knownBytes);
    if (isNew) this.#output[this.#outputBytes + knownBytes] = this.#firstByte;
    this.#outputBytes += sizeBytes;
    if (this.#previous >= 0 && this.#free < 2 ** this.#mostBits) {
      this.#prefix[this.#free] = this.#previous;
      this.#suffix[this.#free] = this.#firstByte;
      this.#lengths[this.#free] = (this.#lengths[this.#previous] as number) + 1;
      this.#free += 1;
    }
    this.#previous = code;
  }

  /** Each code adds a byte behind an earlier one, so a string is written from its end. @returns its first byte */
  #writeString(code: number, end: number): number {
    let current = code;
    let at = end - 1;
    for (const start = end - (this.#lengths[code] as number); at > start; at -= 1) {
      this.#output[at] = this.#suffix[current] as number;
      current = this.#prefix[current] as number;
    }
    const first = this.#suffix[current] as number;
    this.#output[at] = first;
    return first;
  }

  #makeRoom(sizeBytes: number): void {
    if (this.#outputBytes + sizeBytes <= this.#output.length) return;
    const larger = Buffer.allocUnsafe(this.#output.length + Math.max(sizeBytes, this.#output.length));
    this.#output.copy(larger, 0, 0, this.#outputBytes);
    this.#output = larger;
  }
}

/** Bits from the lowest of the first byte upwards; a code lies in three bytes at most. */
function readCode(input: Buffer, at: number, bits: number): number {
  const from = at >> 3;
  const word = (input[from] ?? 0) | ((input[from + 1] ?? 0) << 8) | ((input[from + 2] ?? 0) << 16);
  return (word >> (at & 7)) & ((1 << bits) - 1);
}

/** Fewer bits than a code has stay at the end of a file; writers fill them with zeros. */
function hasBits(input: Buffer, from: number, to: number): boolean {
  for (let bit = from; bit < to * 8; bit += 1)
    if (((input[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0) return true;
  return false;
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "compress: the data is damaged");
