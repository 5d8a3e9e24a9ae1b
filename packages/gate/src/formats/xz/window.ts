/** The decoder's dictionary: the last bytes of the output, with room in front for the next chunk. @module */

/** The largest output of one LZMA2 chunk is 2 MiB; more room means fewer moves. */
const LEAST_ROOM_BYTES = 4 * 1024 * 1024;

/** What a dictionary of this size needs at once. */
export const windowBytes = (dictionaryBytes: number): number =>
  dictionaryBytes + Math.max(LEAST_ROOM_BYTES, dictionaryBytes >> 2);

export class Window {
  readonly dictionaryBytes: number;
  readonly #bytes: Buffer;
  #start = 0;
  #end = 0;
  /** Bytes that were moved out of the window since the start, as far as alignment needs it. */
  #moved = 0;

  constructor(dictionaryBytes: number) {
    this.dictionaryBytes = dictionaryBytes;
    // Not cleared: only bytes that were written can be reached, see historyBytes.
    this.#bytes = Buffer.allocUnsafeSlow(windowBytes(dictionaryBytes));
  }

  /** Forgets everything. */
  reset(): void {
    this.#start = this.#end;
    this.#moved = -this.#end;
  }

  get end(): number {
    return this.#end;
  }

  /** Counts from the last reset, right in its last four bits. */
  get position(): number {
    return this.#end + this.#moved;
  }

  /** How far back a match may reach. */
  get historyBytes(): number {
    return Math.min(this.#end - this.#start, this.dictionaryBytes);
  }

  get lastByte(): number {
    return this.#end === this.#start ? 0 : (this.#bytes[this.#end - 1] as number);
  }

  byteAt(distance: number): number {
    return this.#bytes[this.#end - 1 - distance] as number;
  }

  append(byte: number): void {
    this.#bytes[this.#end] = byte;
    this.#end += 1;
  }

  /** Copies byte by byte, because a match may overlap what it writes. The caller checked both. */
  repeat(distance: number, length: number): void {
    const bytes = this.#bytes;
    let to = this.#end;
    let from = to - 1 - distance;
    const end = to + length;
    while (to < end) bytes[to++] = bytes[from++] as number;
    this.#end = end;
  }

  appendAll(bytes: Buffer): void {
    bytes.copy(this.#bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Makes room for a chunk of at most 2 MiB. */
  makeRoom(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const kept = this.historyBytes;
    const from = this.#end - kept;
    this.#bytes.copyWithin(0, from, this.#end);
    this.#moved = (this.#moved + from) & 15;
    this.#start = 0;
    this.#end = kept;
  }

  /** A copy of the last bytes: the window itself moves on. */
  copyLast(length: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#end - length, this.#end));
  }
}
