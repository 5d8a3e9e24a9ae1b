/**
 * Thousands of texts that stand in the clear, looked for at once. Each is known by eight of its bytes, or four where it is shorter:
 * those that the fewest of the texts share. One look into a table for each byte of the piece tells whether any can stand there.
 * @module
 */

import type { PlainSighting } from "./plain.ts";

/** What the table tells by. */
const WINDOW_BYTES = 4;
const ANCHOR_BYTES = 8;
const TABLE_BITS = 20;
/** Of a text, where its anchor is looked for. */
const LOOKED_AT_BYTES = 128;

interface Anchored {
  /** Which of the texts, by its place in the list. */
  readonly text: number;
  /** Where in the text the anchor stands. */
  readonly shift: number;
}

export class AnchoredSearch {
  readonly #texts: readonly Buffer[];
  readonly #isTaken = new Uint8Array(1 << TABLE_BITS);
  readonly #byAnchor = new Map<number, Anchored[]>();

  /** @param texts - at least four bytes each */
  constructor(texts: readonly Buffer[]) {
    this.#texts = texts;
    const counts = new Map<number, number>();
    for (const text of texts)
      for (const anchor of new Set(anchorsOf(text))) counts.set(anchor, (counts.get(anchor) ?? 0) + 1);
    for (const [number, text] of texts.entries()) this.#add(number, anchorsOf(text), counts);
  }

  #add(number: number, anchors: readonly number[], counts: ReadonlyMap<number, number>): void {
    const shift = rarest(anchors, counts);
    const anchor = anchors[shift] ?? 0;
    this.#isTaken[placeOf(this.#texts[number]?.readUInt32BE(shift) ?? 0)] = 1;
    const same = this.#byAnchor.get(anchor);
    if (same === undefined) this.#byAnchor.set(anchor, [{ text: number, shift }]);
    else same.push({ text: number, shift });
  }

  /** Finds texts that begin at or after `from` and before `to`, and end within the piece. */
  *search(piece: Buffer, from: number, to: number): Generator<PlainSighting> {
    for (let at = this.#next(piece, from); at >= 0; at = this.#next(piece, at + 1))
      for (const anchor of [shortAnchor(piece, at), longAnchor(piece, at)])
        for (const { text, shift } of this.#byAnchor.get(anchor) ?? []) {
          const index = at - shift;
          if (index >= from && index < to && isThere(piece, index, this.#texts[text])) yield { text, index };
        }
  }

  /** The hot loop. */
  #next(piece: Buffer, start: number): number {
    const isTaken = this.#isTaken;
    const { length } = piece;
    if (start + WINDOW_BYTES > length) return -1;
    let window = piece.readUInt32BE(start) >>> 8;
    for (let at = start + WINDOW_BYTES - 1; at < length; at += 1) {
      window = (window << 8) | (piece[at] ?? 0);
      if (isTaken[Math.imul(window, 0x9e3779b1) >>> (32 - TABLE_BITS)] === 1) return at - WINDOW_BYTES + 1;
    }
    return -1;
  }
}

const placeOf = (window: number): number => Math.imul(window, 0x9e3779b1) >>> (32 - TABLE_BITS);

/** Texts are compared whole in the end, so that two anchors may share a number; 52 bits are exact. */
const longAnchor = (bytes: Buffer, at: number): number =>
  at + ANCHOR_BYTES > bytes.length
    ? NONE
    : bytes.readUInt32BE(at) * 2 ** TABLE_BITS + placeOf(bytes.readUInt32BE(at + WINDOW_BYTES));

/** No long anchor is negative. */
const shortAnchor = (bytes: Buffer, at: number): number => -1 - bytes.readUInt32BE(at);
const NONE = Number.NEGATIVE_INFINITY;

function anchorsOf(text: Buffer): number[] {
  const anchorAt = text.length < ANCHOR_BYTES ? shortAnchor : longAnchor;
  const anchorBytes = text.length < ANCHOR_BYTES ? WINDOW_BYTES : ANCHOR_BYTES;
  const end = Math.min(text.length, LOOKED_AT_BYTES) - anchorBytes;
  return Array.from({ length: end + 1 }, (_, shift) => anchorAt(text, shift));
}

/** @returns where the anchor stands that the fewest texts share; the first of several */
function rarest(anchors: readonly number[], counts: ReadonlyMap<number, number>): number {
  let best = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [shift, anchor] of anchors.entries()) {
    const count = counts.get(anchor) ?? 0;
    if (count < fewest) [best, fewest] = [shift, count];
  }
  return best;
}

function isThere(piece: Buffer, index: number, text: Buffer | undefined): boolean {
  return (
    text !== undefined &&
    index >= 0 &&
    index + text.length <= piece.length &&
    piece.compare(text, 0, text.length, index, index + text.length) === 0
  );
}
