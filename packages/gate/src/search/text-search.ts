/**
 * Finds texts and web addresses in bytes, as ASCII (UTF-8) and as UTF-16. A text is found wherever it stands; an address only
 * where it begins and ends, so that `http://example.com/a` is not in `http://example.com/ab`.
 * @module
 */

import { AnchoredSearch } from "../byte-search/anchored.ts";
import { PlainSearch, type PlainSighting } from "../byte-search/plain.ts";

export interface Text {
  readonly kind: "text" | "url";
  /** As the indicator says it. */
  readonly value: string;
}

interface Form extends Text {
  readonly width: 1 | 2;
  readonly bytes: Buffer;
}

/** RFC 3986 §2: unreserved, the sign of an escape, and what can go on behind a path. */
const IN_ADDRESS = /[A-Za-z0-9\-._~%/?&=+:@!$'()*,;]/;
const IN_HOST = /[A-Za-z0-9\-._]/;
const LEAST_BYTES = 4;

export class TextSearch {
  readonly #forms: readonly Form[];
  readonly #search: (piece: Buffer, from: number, to: number) => Iterable<PlainSighting>;
  /** Of the longest: so much of the next piece has to be at hand. */
  readonly longestBytes: number;

  constructor(texts: readonly Text[]) {
    this.#forms = texts.flatMap(formsOf).filter(({ bytes }) => bytes.length >= LEAST_BYTES);
    this.longestBytes = this.#forms.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    this.#search = searchFor(this.#forms.map(({ bytes }) => bytes));
  }

  /** @returns those that begin in the piece between `from` and `to` */
  search(piece: Buffer, from: number, to: number): ReadonlySet<Text> {
    const found = new Set<Text>();
    for (const { text, index } of this.#search(piece, from, to)) {
      if (index >= to) continue;
      const form = this.#forms[text];
      if (form !== undefined && (form.kind === "text" || isWhole(piece, index, form))) found.add(form);
    }
    return found;
  }
}

/** A few are found by leaps, which get short where there are many. */
const MOST_LEAPT = 32;

function searchFor(
  texts: readonly Buffer[],
): (piece: Buffer, from: number, to: number) => Iterable<PlainSighting> {
  if (texts.length === 0) return () => [];
  if (texts.length > MOST_LEAPT) {
    const many = new AnchoredSearch(texts);
    return (piece, from, to) => many.search(piece, from, to);
  }
  const few = new PlainSearch(texts);
  return (piece, from) => few.search(piece, from);
}

function formsOf(text: Text): Form[] {
  const written = text.kind === "url" ? hostAndPath(text.value) : text.value;
  return [
    { ...text, width: 1, bytes: Buffer.from(written, "utf8") },
    { ...text, width: 2, bytes: Buffer.from(written, "utf16le") },
  ];
}

/** Without its scheme, which programs put in front; the whole of a site keeps the slashes, or it would be a mere name. */
function hostAndPath(address: string): string {
  const rest = address.replace(/^[a-z]+:\/\//, "");
  return /^[^/]+\/$/.test(rest) ? `//${rest.slice(0, -1)}` : rest;
}

function isWhole(piece: Buffer, index: number, { bytes, width, value }: Form): boolean {
  const isSite = /^[a-z]+:\/\/[^/]+\/$/.test(value);
  if (!isSite && IN_HOST.test(characterAt(piece, index - width, width))) return false;
  const end = index + bytes.length;
  const next = characterAt(piece, end, width);
  if (isSite && next === "/") return !IN_ADDRESS.test(characterAt(piece, end + width, width));
  return !IN_ADDRESS.test(next);
}

/** Empty where there is none of that width. */
function characterAt(piece: Buffer, at: number, width: 1 | 2): string {
  const byte = piece[at];
  if (at < 0 || byte === undefined || (width === 2 && piece[at + 1] !== 0)) return "";
  return String.fromCharCode(byte);
}
