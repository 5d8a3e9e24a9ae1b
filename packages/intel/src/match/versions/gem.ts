/**
 * Ruby: numbers and words between points; a word makes it a pre-release.
 * Source: docs.ruby-lang.org, Gem::Version
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

const VERSION = /^[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

export function compareGem(a: string, b: string): number | undefined {
  const left = segmentsOf(a);
  const right = segmentsOf(b);
  if (left === undefined || right === undefined) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareSegments(left[at] ?? "0", right[at] ?? "0");
    if (order !== 0) return order;
  }
  return 0;
}

/** A dash stands for `.pre.`; zeros before a word or the end say nothing. */
function segmentsOf(version: string): string[] | undefined {
  const text = version.trim();
  if (!VERSION.test(text)) return undefined;
  const segments = text.replaceAll("-", ".pre.").match(/[0-9]+|[A-Za-z]+/g) ?? [];
  const word = segments.findIndex((segment) => !isDigits(segment));
  const numbers = withoutTrailingZeros(word < 0 ? segments : segments.slice(0, word));
  return word < 0 ? numbers : [...numbers, ...withoutTrailingZeros(segments.slice(word))];
}

function withoutTrailingZeros(segments: readonly string[]): string[] {
  let end = segments.length;
  while (end > 0 && /^0+$/.test(segments[end - 1] ?? "")) end -= 1;
  return segments.slice(0, end);
}

function compareSegments(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  return Number(isDigits(a)) - Number(isDigits(b)) || compareText(a, b);
}
