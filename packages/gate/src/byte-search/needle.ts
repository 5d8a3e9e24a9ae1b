/**
 * Short byte strings that are looked for all at once, also where every byte was combined with one key by XOR: the
 * differences between neighbours are the same whatever the key. For that reason the search runs over differences.
 * @module
 */

export interface Needle {
  /** What the one who looks for it calls it. */
  readonly name: string;
  /** As it stands in the clear; at least four bytes. */
  readonly bytes: Buffer;
  readonly keys: Keys;
}

/** Under which keys it is taken: only in the clear, under any key or none, only under a key. */
export type Keys = "none" | "any" | "hidden";

/** @param width - bytes of each character: 2 is UTF-16, little-endian */
export const needleOf = (
  name: string,
  text: string,
  { width = 1, keys = "any" }: { readonly width?: 1 | 2; readonly keys?: Keys } = {},
): Needle => ({ name, bytes: Buffer.from(text, width === 1 ? "latin1" : "utf16le"), keys });

/** A needle at a place. */
export interface Sighting {
  readonly name: string;
  /** Where the needle begins in the piece that was searched. */
  readonly index: number;
  /** 0 in the clear. */
  readonly key: number;
}

/** Differences that are compared by the table before the needle itself is. */
const ANCHOR_BYTES = 3;
const TABLE_BITS = 16;

const placeOf = (anchor: number): number => Math.imul(anchor, 0x9e3779b1) >>> (32 - TABLE_BITS);

export class NeedleTable {
  readonly #isTaken = new Uint8Array(1 << TABLE_BITS);
  readonly #byPlace = new Map<number, { readonly needle: Needle; readonly shift: number }[]>();

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const shift = rarest(needle.bytes);
      const place = placeOf(anchorAt(needle.bytes, shift));
      this.#isTaken[place] = 1;
      this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), { needle, shift }]);
    }
  }

  /** Finds needles that begin at or after `from` and before `to`; what follows `to` may be read to its end. */
  *search(piece: Buffer, from: number, to: number): Generator<Sighting> {
    for (let next = from; next < piece.length - ANCHOR_BYTES; ) {
      const at = this.#nextCandidate(piece, next);
      if (at < 0) return;
      for (const { needle, shift } of this.#byPlace.get(placeOf(anchorAt(piece, at))) ?? []) {
        const index = at - shift;
        if (index < from || index >= to || !isThere(piece, index, needle.bytes)) continue;
        const key = (piece[index] ?? 0) ^ (needle.bytes[0] ?? 0);
        if (needle.keys === "any" || (needle.keys === "none") === (key === 0))
          yield { name: needle.name, index, key };
      }
      next = at + 1;
    }
  }

  /** The hot loop: one table look-up for each byte. */
  #nextCandidate(piece: Buffer, start: number): number {
    const isTaken = this.#isTaken;
    const { length } = piece;
    let last = piece[start] ?? 0;
    let window = 0;
    for (let at = start + 1; at < length; at += 1) {
      const byte = piece[at] ?? 0;
      window = ((window << 8) | (last ^ byte)) & 0xffffff;
      last = byte;
      if (isTaken[Math.imul(window, 0x9e3779b1) >>> 16] === 1 && at - start >= ANCHOR_BYTES)
        return at - ANCHOR_BYTES;
    }
    return -1;
  }
}

function anchorAt(bytes: Uint8Array, index: number): number {
  const difference = (offset: number): number =>
    (bytes[index + offset] ?? 0) ^ (bytes[index + offset + 1] ?? 0);
  return (difference(0) << 16) | (difference(1) << 8) | difference(2);
}

/** Equal neighbours are common, so the anchor is where there are fewest of them; the first of several. */
function rarest(bytes: Buffer): number {
  let best = 0;
  let fewest = ANCHOR_BYTES + 1;
  for (let shift = 0; shift + ANCHOR_BYTES < bytes.length; shift += 1) {
    const anchor = anchorAt(bytes, shift);
    const zeros =
      Number((anchor & 0xff) === 0) + Number((anchor & 0xff00) === 0) + Number(anchor >> 16 === 0);
    if (zeros < fewest) [best, fewest] = [shift, zeros];
  }
  return best;
}

function isThere(piece: Buffer, index: number, needle: Buffer): boolean {
  if (index < 0 || index + needle.length > piece.length) return false;
  const key = (piece[index] ?? 0) ^ (needle[0] ?? 0);
  for (let at = 1; at < needle.length; at += 1)
    if (((piece[index + at] ?? 0) ^ (needle[at] ?? 0)) !== key) return false;
  return true;
}
