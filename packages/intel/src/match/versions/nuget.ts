/**
 * SemVer with a fourth number, in which case says nothing.
 * Source: Microsoft Learn, NuGet, Package versioning: normalised version numbers, pre-release versions
 * @module
 */

import { compareDigits } from "./digits.ts";
import { comparePrerelease } from "./semver.ts";

const VERSION =
  /^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]*)?$/;

export function compareNuget(a: string, b: string): number | undefined {
  const left = VERSION.exec(a.trim().toLowerCase());
  const right = VERSION.exec(b.trim().toLowerCase());
  if (left === null || right === null) return undefined;
  for (const part of [1, 2, 3, 4]) {
    const order = compareDigits(left[part] ?? "0", right[part] ?? "0");
    if (order !== 0) return order;
  }
  return comparePrerelease(left[5], right[5]);
}
