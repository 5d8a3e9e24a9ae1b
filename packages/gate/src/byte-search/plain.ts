/**
 * Many texts that stand in the clear, looked for at once. Most places are never looked at: the two bytes at the end of a
 * window tell how far the next text can begin at the earliest. Source: Wu and Manber, "A fast algorithm for multi-pattern
 * searching", University of Arizona TR-94-17.
 * @module
 */

const BLOCK_BYTES = 2;
const BLOCKS = 1 << 16;
/** A shift is kept in a byte. */
const MOST_WINDOW_BYTES = 64;

export interface PlainSighting {
  /** Which of the texts, by its place in the list. */
  readonly text: number;
  /** Where it begins in the piece that was searched. */
  readonly index: number;
}

export class PlainSearch {
  readonly #texts: readonly Buffer[];
  readonly #windowBytes: number;
  readonly #shifts: Uint8Array;
  /** By the last block of the window: texts whose first bytes, as many as a window has, end with it. */
  readonly #byBlock = new Map<number, number[]>();

  /** @param texts - at least four bytes each; the shortest sets the pace */
  constructor(texts: readonly Buffer[]) {
    this.#texts = texts;
    this.#windowBytes = Math.min(MOST_WINDOW_BYTES, ...texts.map(({ length }) => length));
    this.#shifts = new Uint8Array(BLOCKS).fill(this.#windowBytes - BLOCK_BYTES + 1);
    for (const [number, text] of texts.entries()) this.#add(number, text);
  }

  #add(number: number, text: Buffer): void {
    for (let end = BLOCK_BYTES; end <= this.#windowBytes; end += 1) {
      const block = text.readUInt16LE(end - BLOCK_BYTES);
      this.#shifts[block] = Math.min(this.#shifts[block] ?? 0, this.#windowBytes - end);
    }
    const last = text.readUInt16LE(this.#windowBytes - BLOCK_BYTES);
    this.#byBlock.set(last, [...(this.#byBlock.get(last) ?? []), number]);
  }

  /** Finds texts that begin at or after `from` and end within the piece, in the order of their first bytes. */
  *search(piece: Buffer, from = 0): Generator<PlainSighting> {
    const lead = this.#windowBytes - BLOCK_BYTES;
    for (let last = this.#next(piece, from + lead); last >= 0; last = this.#next(piece, last + 1)) {
      const index = last - lead;
      for (const text of this.#byBlock.get(piece.readUInt16LE(last)) ?? [])
        if (isThere(piece, index, this.#texts[text])) yield { text, index };
    }
  }

  /** The hot loop. */
  #next(piece: Buffer, start: number): number {
    const shifts = this.#shifts;
    const end = piece.length - 1;
    for (let at = start; at < end; ) {
      const shift = shifts[(piece[at] ?? 0) | ((piece[at + 1] ?? 0) << 8)] ?? 1;
      if (shift === 0) return at;
      at += shift;
    }
    return -1;
  }
}

function isThere(piece: Buffer, index: number, text: Buffer | undefined): boolean {
  return (
    text !== undefined &&
    index + text.length <= piece.length &&
    piece.compare(text, 0, text.length, index, index + text.length) === 0
  );
}
