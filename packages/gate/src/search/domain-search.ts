/**
 * Finds domain names in bytes, as ASCII and as UTF-16, and tells which of them are wanted or lie below one that is. Every name
 * has a dot, and dots are rare: from each, the name is followed to both its ends, so that a wanted name inside a longer
 * one is no hit. Source: RFC 1123 §2.1, RFC 1035 §2.3.4.
 * @module
 */

const DOT = 0x2e;
const HYPHEN = 0x2d;
/** The bit by which a small letter differs from a capital one. */
const LOWER_CASE = 0x20;
const MOST_CHARACTERS = 253;

/** Letters, digits, hyphen, and the underscore that service names use. */
const IS_LABEL = new Uint8Array(256);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
  IS_LABEL[character.charCodeAt(0)] = 1;

export class DomainSearch {
  readonly #wanted: ReadonlySet<string>;
  readonly #tops: ReadonlySet<string>;
  /** Of their last labels. Programs are full of names with dots, and only few end as one that is wanted. */
  readonly #ends: ReadonlySet<number>;

  /** @param domains - lower case, without a dot at the end */
  constructor(domains: readonly string[]) {
    this.#wanted = new Set(domains);
    this.#tops = new Set(domains.map((domain) => domain.slice(domain.lastIndexOf(".") + 1)));
    this.#ends = new Set(
      [...this.#tops].map((top) => hashOfEnd(Buffer.from(top, "latin1"), 0, top.length, 1)),
    );
  }

  /**
   * Looks at names that have a dot in the piece between `from` and `to`.
   * @returns the wanted domains that are named
   */
  search(piece: Buffer, from: number, to: number): ReadonlySet<string> {
    const found = new Set<string>();
    if (this.#wanted.size === 0) return found;
    for (let at = piece.indexOf(DOT, from); at >= 0 && at < to; ) {
      const width = widthAt(piece, at);
      const end = width === 0 ? at + 1 : this.#follow(piece, at, { width, found });
      at = piece.indexOf(DOT, end);
    }
    return found;
  }

  /** @returns where the name ends */
  #follow(
    piece: Buffer,
    dot: number,
    { width, found }: { readonly width: number; readonly found: Set<string> },
  ): number {
    const start = edge(piece, dot, -width);
    const end = edge(piece, dot, width) + width;
    const mayBeWanted = this.#ends.has(hashOfEnd(piece, start, end, width));
    if (mayBeWanted && end - start <= (MOST_CHARACTERS + 3) * width) {
      const written = piece.toString(width === 1 ? "latin1" : "utf16le", start, end);
      this.#judge(written.toLowerCase(), before(piece, start, width), found);
    }
    return Math.max(end, dot + 1);
  }

  #judge(written: string, character: number, found: Set<string>): void {
    const name = written.replace(/[.-]+$/, "");
    if (!this.#tops.has(name.slice(name.lastIndexOf(".") + 1))) return;
    for (const whole of unescaped(name, character))
      for (let at = 0; at >= 0 && at < whole.length; at = nextLabel(whole, at)) {
        const domain = whole.slice(at);
        if (this.#wanted.has(domain)) found.add(domain);
      }
  }
}

/** Bytes of a character there: 1, 2, or 0 when the dot stands between no letters. */
function widthAt(piece: Buffer, dot: number): 0 | 1 | 2 {
  if (isLabel(piece, dot - 1) && isLabel(piece, dot + 1)) return 1;
  const isWide =
    piece[dot + 1] === 0 &&
    piece[dot - 1] === 0 &&
    piece[dot + 3] === 0 &&
    isLabel(piece, dot - 2) &&
    isLabel(piece, dot + 2);
  return isWide ? 2 : 0;
}

const isLabel = (piece: Buffer, at: number): boolean => IS_LABEL[piece[at] ?? 0] === 1;

/** The last place in a direction that still belongs to the name; no further than a name can be long. */
function edge(piece: Buffer, dot: number, step: number): number {
  let last = dot;
  for (let count = 0; count <= MOST_CHARACTERS; count += 1) {
    const at = last + step;
    const byte = piece[at];
    if (byte === undefined || (byte !== DOT && IS_LABEL[byte] !== 1)) break;
    if (Math.abs(step) === 2 && piece[at + 1] !== 0) break;
    last = at;
  }
  return last;
}

/** @returns a number that last labels share which differ in case alone; what is behind the last label is passed over */
function hashOfEnd(piece: Buffer, start: number, end: number, width: number): number {
  let at = end - width;
  while (at >= start && (piece[at] === DOT || piece[at] === HYPHEN)) at -= width;
  let hash = 0;
  for (; at >= start && piece[at] !== DOT; at -= width)
    hash = (Math.imul(hash, 31) + ((piece[at] ?? 0) | LOWER_CASE)) | 0;
  return hash;
}

const before = (piece: Buffer, start: number, width: number): number => piece[start - width] ?? 0;

const PERCENT = 0x25;
const BACKSLASH = 0x5c;

/** In `%2Fevil.example` and `\nevil.example` the first characters belong to what stands in front. */
function unescaped(name: string, character: number): readonly string[] {
  if (character === PERCENT) return [name, name.slice(2)];
  if (character === BACKSLASH) return [name, name.slice(1), name.slice(3), name.slice(5)];
  return [name];
}

function nextLabel(name: string, at: number): number {
  const dot = name.indexOf(".", at);
  return dot < 0 ? -1 : dot + 1;
}
