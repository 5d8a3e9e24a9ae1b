/** The strings that codes of compress(1) stand for, and the decoding of them. Source: ncompress 5.0, `compress.c`. @module */

import { ArtifactError } from "@sallyport/core";

const FIRST_BITS = 9;
const CLEAR = 256;
/** The longest string there can be: each code adds one byte to an earlier one. */
const LONGEST_BYTES = 65_536;
const FIRST_ROOM_BYTES = 256 * 1024;

export class CodeTable {
  readonly #mostBits: number;
  readonly #hasClear: boolean;
  readonly #prefix = new Uint16Array(65_536);
  readonly #suffix = new Uint8Array(65_536);
  readonly #string = new Uint8Array(LONGEST_BYTES);
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

  get codeBits(): number {
    return this.#codeBits;
  }

  get pendingBytes(): number {
    return this.#outputBytes;
  }

  takeOutput(): Buffer {
    const piece = Buffer.from(this.#output.subarray(0, this.#outputBytes));
    this.#outputBytes = 0;
    return piece;
  }

  /**
   * Decodes a group of eight codes. When codes grow or the table is emptied, the rest of the group is filling.
   * @param isLast - the group is the file's last, and may be short
   * @throws {@link ArtifactError} `artifact.malformed`
   */
  decode(group: Buffer, isLast: boolean): void {
    const bits = this.#codeBits;
    let at = 0;
    for (; at + bits <= group.length * 8; at += bits) {
      const code = readCode(group, at, bits);
      if (code === CLEAR && this.#hasClear) {
        this.#free = CLEAR;
        this.#codeBits = FIRST_BITS;
        return;
      }
      this.#take(code);
      if (this.#growIfFull()) return;
    }
    if (isLast && hasBits(group, at)) throw damaged();
  }

  #growIfFull(): boolean {
    const grows = this.#free > 2 ** this.#codeBits - 1 && this.#codeBits < this.#mostBits;
    if (grows) this.#codeBits += 1;
    return grows;
  }

  #take(code: number): void {
    if (this.#previous < 0) {
      if (code >= CLEAR) throw damaged();
      this.#firstByte = code;
      this.#previous = code;
      this.#write(new Uint8Array([code]));
      return;
    }
    if (code > this.#free) throw damaged();
    let at = LONGEST_BYTES;
    let current = code;
    if (code === this.#free) {
      at -= 1;
      this.#string[at] = this.#firstByte;
      current = this.#previous;
    }
    while (current >= CLEAR) {
      at -= 1;
      if (at < 1) throw damaged();
      this.#string[at] = this.#suffix[current] as number;
      current = this.#prefix[current] as number;
    }
    at -= 1;
    this.#string[at] = current;
    this.#firstByte = current;
    this.#write(this.#string.subarray(at));
    if (this.#free < 2 ** this.#mostBits) {
      this.#prefix[this.#free] = this.#previous;
      this.#suffix[this.#free] = this.#firstByte;
      this.#free += 1;
    }
    this.#previous = code;
  }

  #write(bytes: Uint8Array): void {
    if (this.#outputBytes + bytes.length > this.#output.length) {
      const larger = Buffer.allocUnsafe(this.#output.length + Math.max(bytes.length, this.#output.length));
      this.#output.copy(larger, 0, 0, this.#outputBytes);
      this.#output = larger;
    }
    this.#output.set(bytes, this.#outputBytes);
    this.#outputBytes += bytes.length;
  }
}

/** Bits from the lowest of the first byte upwards; a code lies in three bytes at most. */
function readCode(group: Buffer, at: number, bits: number): number {
  const from = at >> 3;
  const word = (group[from] ?? 0) | ((group[from + 1] ?? 0) << 8) | ((group[from + 2] ?? 0) << 16);
  return (word >> (at & 7)) & ((1 << bits) - 1);
}

/** Fewer bits than a code has stay at the end of a file; writers fill them with zeros. */
function hasBits(group: Buffer, at: number): boolean {
  for (let bit = at; bit < group.length * 8; bit += 1)
    if (((group[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0) return true;
  return false;
}

const damaged = (): ArtifactError => new ArtifactError("artifact.malformed", "compress: the data is damaged");
