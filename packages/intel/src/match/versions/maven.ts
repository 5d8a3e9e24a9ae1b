/**
 * Java: parts between points, dashes and changes from digit to letter; a dash, or such a change, opens a list of its own.
 * Source: Maven POM Reference, Version Order Specification
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

type Item = string | readonly Item[];

const VERSION = /^[0-9A-Za-z._+-]+$/;
/** In this order; the release itself is the empty word, and every other word comes after `sp`. */
const QUALIFIERS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ga", ""],
  ["final", ""],
  ["release", ""],
  ["cr", "rc"],
]);
/** A letter right before a number. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ["a", "alpha"],
  ["b", "beta"],
  ["m", "milestone"],
]);
const MAX_DEPTH = 64;

export function compareMaven(a: string, b: string): number | undefined {
  const left = parse(a);
  const right = parse(b);
  return left === undefined || right === undefined ? undefined : compareItems(left, right);
}

function parse(version: string): Item | undefined {
  const text = version.trim().toLowerCase();
  if (!VERSION.test(text) || !/[0-9]/.test(text)) return undefined;
  const lists: Item[][] = [[]];
  const open = (): void => {
    if (lists.length < MAX_DEPTH) lists.push([]);
  };
  const tokens = text.match(/[0-9]+|[^0-9.-]+|[.-]/g) ?? [];
  let isEmpty = true;
  tokens.forEach((token, at) => {
    const current = lists.at(-1) ?? [];
    if (token === "." || token === "-") {
      if (isEmpty) current.push("0");
      if (token === "-") open();
      isEmpty = true;
      return;
    }
    const before = tokens[at - 1];
    const isChange = before !== undefined && before !== "." && before !== "-";
    // From letter to digit or back: as if a dash stood there.
    if (isChange) open();
    const list = lists.at(-1) ?? [];
    if (!isDigits(token) && !isChange && list.length > 0) {
      open();
      (lists.at(-1) ?? []).push(qualifier(token, tokens[at + 1]));
    } else list.push(isDigits(token) ? token : qualifier(token, tokens[at + 1]));
    isEmpty = false;
  });
  return lists.reduceRight<Item[]>((inner, list) => {
    const whole = withoutTrailingNothing(list);
    return inner.length === 0 ? whole : [...whole, inner];
  }, []);
}

function qualifier(word: string, next: string | undefined): string {
  const full = next !== undefined && isDigits(next) ? (SHORT.get(word) ?? word) : word;
  return ALIASES.get(full) ?? full;
}

/** Zeros and release words before the end of a list say nothing: 1.0.0 is 1. */
function withoutTrailingNothing(list: readonly Item[]): Item[] {
  let end = list.length;
  while (end > 0 && isNothing(list[end - 1] ?? "")) end -= 1;
  return list.slice(0, end);
}

const isNothing = (item: Item): boolean => typeof item === "string" && /^0*$/.test(item);

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareItems(b, undefined);
  if (typeof a !== "string") return compareList(a, b);
  if (isDigits(a)) {
    if (b === undefined) return compareDigits(a, "0");
    // A number is above a word and above a list: 1.1 is above 1-sp and 1-1.
    return typeof b === "string" && isDigits(b) ? compareDigits(a, b) : 1;
  }
  if (b === undefined) return compareQualifiers(a, "");
  // A word is below a number and below a list.
  return typeof b === "string" && !isDigits(b) ? compareQualifiers(a, b) : -1;
}

function compareList(a: readonly Item[], b: Item | undefined): number {
  if (typeof b === "string") return isDigits(b) ? -1 : 1;
  const other = b ?? [];
  for (let at = 0; at < Math.max(a.length, other.length); at += 1) {
    const order = compareItems(a[at], other[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareQualifiers(a: string, b: string): number {
  const left = QUALIFIERS.indexOf(a);
  const right = QUALIFIERS.indexOf(b);
  if (left < 0 && right < 0) return compareText(a, b);
  return (left < 0 ? QUALIFIERS.length : left) - (right < 0 ? QUALIFIERS.length : right);
}
