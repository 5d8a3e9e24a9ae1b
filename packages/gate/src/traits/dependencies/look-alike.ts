/**
 * Tells names that are made to be mistaken for others. Sources: Taylor et al., "Defending Against Package Typosquatting"
 * (2020), §3.2, for the kinds of change; Damerau, "A technique for computer detection and correction of spelling errors"
 * (1964); Unicode TR 39 for letters that look alike.
 * @module
 */

import type { Ecosystem } from "./declared/declared.ts";
import { WELL_KNOWN, WELL_KNOWN_SCOPES } from "./well-known-names.ts";

/** Shorter names are near to too many others. */
const LEAST_CHARACTERS = 5;
/** Another letter in the same place makes another word of a short name. */
const LEAST_FOR_ANOTHER_LETTER = 8;

/** Answers for one package, however many names it has. */
export class LookAlikes {
  readonly #used: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;
  readonly #names: readonly NameIndex[];
  readonly #scopes: readonly NameIndex[];

  /** @param used - names the package depended on before */
  constructor(ecosystem: Ecosystem, used: ReadonlySet<string>) {
    this.#used = used;
    this.#known = WELL_KNOWN[ecosystem] ?? new Set();
    const scopes = new Set([...used].flatMap((name) => partsOf(name).scope || []));
    this.#names = [new NameIndex([...used].filter((name) => !name.startsWith("@"))), indexOf(ecosystem)];
    this.#scopes = [new NameIndex([...scopes]), SCOPES];
  }

  /** @returns the name it can be mistaken for, when there is one that it is not */
  find(name: string): string | undefined {
    if (this.#known.has(name) || this.#used.has(name)) return undefined;
    const { scope, rest } = partsOf(name);
    const [asked, indexes] = scope === "" ? [name, this.#names] : [scope, this.#scopes];
    if (indexes.some((index) => index.has(asked))) return undefined;
    for (const index of indexes) {
      const found = index.find(asked);
      if (found !== undefined) return scope === "" ? found : `${found}/${rest}`;
    }
    return undefined;
  }
}

/** One slip of the fingers or of the eye apart, and not only in a number. */
export function isLikeAnother(name: string, other: string): boolean {
  if (name === other || Math.min(name.length, other.length) < LEAST_CHARACTERS) return false;
  if (Math.abs(name.length - other.length) > 3 || withoutNumbers(name) === withoutNumbers(other))
    return false;
  return looksOf(name) === looksOf(other) || isOneSlip(name.toLowerCase(), other.toLowerCase());
}

function partsOf(name: string): { readonly scope: string; readonly rest: string } {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  return slash < 0 ? { scope: "", rest: name } : { scope: name.slice(0, slash), rest: name.slice(slash + 1) };
}

/** Names by their looks, and by first letter and length: nothing else can be one slip away. */
class NameIndex {
  readonly #names: ReadonlySet<string>;
  readonly #byLooks = new Map<string, string[]>();
  readonly #byShape = new Map<string, string[]>();

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
    for (const name of names) {
      if (name.length < LEAST_CHARACTERS) continue;
      add(this.#byLooks, looksOf(name), name);
      add(this.#byShape, shapeOf(name, 0), name);
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  find(name: string): string | undefined {
    if (name.length < LEAST_CHARACTERS) return undefined;
    const isOther = (other: string) => withoutNumbers(name) !== withoutNumbers(other);
    const looks = this.#byLooks.get(looksOf(name))?.find(isOther);
    if (looks !== undefined) return looks;
    const lower = name.toLowerCase();
    for (const longer of [0, -1, 1])
      for (const other of this.#byShape.get(shapeOf(lower, longer)) ?? [])
        if (isOneSlip(lower, other.toLowerCase()) && isOther(other)) return other;
    return undefined;
  }
}

/** The beginning of a scope is the same for all; what follows it is not. */
const shapeOf = (name: string, longer: number): string =>
  `${name.slice(0, name.startsWith("@") ? 2 : 1).toLowerCase()}${name.length + longer}`;

function add(map: Map<string, string[]>, key: string, name: string): void {
  const names = map.get(key);
  if (names === undefined) map.set(key, [name]);
  else names.push(name);
}

/** Made once. */
function indexOf(ecosystem: Ecosystem): NameIndex {
  const known = indexes.get(ecosystem);
  if (known !== undefined) return known;
  const index = new NameIndex([...(WELL_KNOWN[ecosystem] ?? [])]);
  indexes.set(ecosystem, index);
  return index;
}

/** `sha1` and `sha2`, `lib64` and `lib32` are siblings. */
const withoutNumbers = (name: string): string => name.replace(/[0-9]+/g, "");

/** What the eye sees: separators fade, some letters are one. */
function looksOf(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase();
  return Array.from(plain, (letter) => FOREIGN.get(letter) ?? letter)
    .join("")
    .replace(/[-_.\s\p{M}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replace(/[1i|]/g, "l")
    .replaceAll("0", "o");
}

/** Unicode TR 39, confusables: Cyrillic and Greek letters with the looks of Latin ones. */
const FOREIGN: ReadonlyMap<string, string> = new Map(
  Array.from("аaеeоoрpсcхxуyіiјjѕsԁdһhοoνvαaιiκkρp".matchAll(/(.)(.)/gu), ([, foreign = "", latin = ""]) => [
    foreign,
    latin,
  ]),
);

/** A letter left out, put in, swapped with its neighbour, or, in a long name, another letter; never the first. */
function isOneSlip(name: string, other: string): boolean {
  const [short, long] = name.length <= other.length ? [name, other] : [other, name];
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (at === 0) return false;
  if (long.length === short.length + 1) return short.slice(at) === long.slice(at + 1);
  if (long.length !== short.length) return false;
  const isSwapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  if (isSwapped) return short.slice(at + 2) === long.slice(at + 2);
  return short.length >= LEAST_FOR_ANOTHER_LETTER && short.slice(at + 1) === long.slice(at + 1);
}

const indexes = new Map<Ecosystem, NameIndex>();
const SCOPES = new NameIndex([...WELL_KNOWN_SCOPES]);
