/**
 * Source: rpm-version(7), and rpm's tests/rpmvercmp.at: segments of digits or letters, everything else separates;
 * a tilde sorts before the end, a caret after it but before anything more.
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

const VERSION = /^(?:([0-9]+):)?([^\s:-]+)(?:-([^\s:-]+))?$/;
const SEGMENT = /[0-9]+|[A-Za-z]+|~|\^/g;

/** @returns also undefined when the versions are equal and only one of them names a release */
export function compareRpm(a: string, b: string): number | undefined {
  const [, leftEpoch = "0", leftVersion, leftRelease] = VERSION.exec(a.trim()) ?? [];
  const [, rightEpoch = "0", rightVersion, rightRelease] = VERSION.exec(b.trim()) ?? [];
  if (leftVersion === undefined || rightVersion === undefined) return undefined;
  const order = compareDigits(leftEpoch, rightEpoch) || compareSegments(leftVersion, rightVersion);
  if (order !== 0 || leftRelease === rightRelease) return order;
  if (leftRelease === undefined || rightRelease === undefined) return undefined;
  return compareSegments(leftRelease, rightRelease);
}

function compareSegments(a: string, b: string): number {
  const left = a.match(SEGMENT) ?? [];
  const right = b.match(SEGMENT) ?? [];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareSegment(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegment(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === "~" || b === "~") return a === "~" ? -1 : 1;
  // After the end, but before anything that goes on.
  if (a === "^") return b === undefined ? 1 : -1;
  if (b === "^") return a === undefined ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (isDigits(a) !== isDigits(b)) return isDigits(a) ? 1 : -1;
  return isDigits(a) ? compareDigits(a, b) : compareText(a, b);
}
