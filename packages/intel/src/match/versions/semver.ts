/**
 * npm, crates.io, Go modules and many others. Source: Semantic Versioning 2.0.0 §9 to §11.
 * A leading `v` and missing numbers are read as people write them: `v1.2` is 1.2.0.
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

const VERSION = /^[v=]?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]*)?$/;

export function compareSemver(a: string, b: string): number | undefined {
  const left = VERSION.exec(a.trim());
  const right = VERSION.exec(b.trim());
  if (left === null || right === null) return undefined;
  for (const part of [1, 2, 3]) {
    const order = compareDigits(left[part] ?? "0", right[part] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrerelease(left[4], right[4]);
}

/** §11.3 and §11.4: none is the highest; numbers are below words; the longer wins when all before is equal. */
export function comparePrerelease(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const left = a.split(".");
  const right = b.split(".");
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = compareIdentifiers(left[at] ?? "", right[at] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifiers(a: string, b: string): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  return Number(isDigits(b)) - Number(isDigits(a)) || compareText(a, b);
}
