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

/**
 * @param used - names the package depended on before
 * @returns the name it can be mistaken for, when there is one that it is not
 */
export function findImitated(
  name: string,
  ecosystem: Ecosystem,
  used: ReadonlySet<string>,
): string | undefined {
  const known = WELL_KNOWN[ecosystem] ?? new Set<string>();
  if (known.has(name) || used.has(name)) return undefined;
  const { scope, rest } = partsOf(name);
  if (scope !== "") {
    const scopes = new Set([...used].map((other) => partsOf(other).scope).filter((other) => other !== ""));
    if (scopes.has(scope) || WELL_KNOWN_SCOPES.has(scope)) return undefined;
    for (const other of [...scopes, ...WELL_KNOWN_SCOPES])
      if (isLikeAnother(scope.slice(1), other.slice(1))) return `${other}/${rest}`;
    return undefined;
  }
  for (const other of [...used, ...known])
    if (!other.startsWith("@") && isLikeAnother(name, other)) return other;
  return undefined;
}

function partsOf(name: string): { readonly scope: string; readonly rest: string } {
  const slash = name.startsWith("@") ? name.indexOf("/") : -1;
  return slash < 0 ? { scope: "", rest: name } : { scope: name.slice(0, slash), rest: name.slice(slash + 1) };
}

/** One slip of the fingers or of the eye apart, and not only in a number. */
export function isLikeAnother(name: string, other: string): boolean {
  if (name === other || Math.abs(name.length - other.length) > 3) return false;
  if (Math.min(name.length, other.length) < LEAST_CHARACTERS) return false;
  if (withoutNumbers(name) === withoutNumbers(other)) return false;
  if (looksOf(name) === looksOf(other)) return true;
  return isOneSlip(name.toLowerCase(), other.toLowerCase());
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
