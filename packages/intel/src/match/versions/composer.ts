/**
 * PHP: parts between points, dashes and changes from digit to letter; words for stages have a fixed order.
 * Sources: getcomposer.org, Versions and constraints; php.net, version_compare
 * @module
 */

import { compareDigits, isDigits } from "./digits.ts";

const VERSION = /^v?[0-9][0-9A-Za-z._+-]*$/;

/** php.net: any other word, then these; a number is above `#`, and a patch level above a number. */
const STAGES: ReadonlyMap<string, number> = new Map([
  ["dev", 1],
  ["a", 2],
  ["alpha", 2],
  ["b", 3],
  ["beta", 3],
  ["rc", 4],
  ["c", 4],
  ["p", 7],
  ["pl", 7],
  ["patch", 7],
  ["stable", 5],
]);
const UNKNOWN_WORD = 0;
const NOTHING = 5;
const NUMBER = 6;

export function compareComposer(a: string, b: string): number | undefined {
  const left = partsOf(a);
  const right = partsOf(b);
  if (left === undefined || right === undefined) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareParts(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A branch, `dev-main`, is no version. Composer fills up to four numbers; build data says nothing. */
function partsOf(version: string): string[] | undefined {
  const text = version.trim().toLowerCase().replace(/^v/, "").split("+", 1)[0] ?? "";
  if (!VERSION.test(text)) return undefined;
  const parts = text.match(/[0-9]+|[a-z]+/g) ?? [];
  const word = parts.findIndex((part) => !isDigits(part));
  const numbers = word < 0 ? parts : parts.slice(0, word);
  const filled = [...numbers, ...Array.from({ length: Math.max(0, 4 - numbers.length) }, () => "0")];
  return word < 0 ? filled : [...filled, ...parts.slice(word)];
}

function compareParts(a: string | undefined, b: string | undefined): number {
  if (a !== undefined && b !== undefined && isDigits(a) && isDigits(b)) return compareDigits(a, b);
  return stageOf(a) - stageOf(b);
}

function stageOf(part: string | undefined): number {
  if (part === undefined) return NOTHING;
  return isDigits(part) ? NUMBER : (STAGES.get(part) ?? UNKNOWN_WORD);
}
