/**
 * Python packages: `1!2.0a1.post2.dev3+local`. Source: Version specifiers, packaging.python.org (PEP 440).
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

const VERSION =
  /^v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?([0-9]*))?(?:-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?(?:[-_.]?(dev)[-_.]?([0-9]*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

interface Version {
  readonly epoch: string;
  readonly release: readonly string[];
  /** Development releases of nothing else come before pre-releases, these before the release. */
  readonly stage: number;
  readonly stageNumber: string;
  /** Undefined: none, which is below the first. */
  readonly post: string | undefined;
  /** Undefined: none, which is above all. */
  readonly development: string | undefined;
  readonly local: readonly string[] | undefined;
}

const STAGES: Readonly<Record<string, number>> = { a: 1, b: 2, c: 3, p: 3, r: 3 };
const DEVELOPMENT_ONLY = 0;
const RELEASE = 4;

export function comparePep440(a: string, b: string): number | undefined {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) return undefined;
  return (
    compareDigits(left.epoch, right.epoch) ||
    compareLists(left.release, right.release, compareDigits, "0") ||
    left.stage - right.stage ||
    compareDigits(left.stageNumber, right.stageNumber) ||
    compareOptional(left.post, right.post, -1) ||
    compareOptional(left.development, right.development, 1) ||
    compareLocal(left.local, right.local)
  );
}

function parse(version: string): Version | undefined {
  const match = VERSION.exec(version.trim().toLowerCase());
  if (match === null) return undefined;
  const [, epoch = "0", release = "0", word, number, dashPost, postWord, postNumber, dev, devNumber, local] =
    match;
  const post = dashPost ?? (postWord === undefined ? undefined : postNumber || "0");
  const development = dev === undefined ? undefined : devNumber || "0";
  const isOnlyDevelopment = development !== undefined && word === undefined && post === undefined;
  const stage = word === undefined ? RELEASE : (STAGES[word.charAt(0)] ?? RELEASE);
  return {
    epoch,
    release: release.split("."),
    stage: isOnlyDevelopment ? DEVELOPMENT_ONLY : stage,
    stageNumber: number || "0",
    post,
    development,
    local: local?.split(/[-_.]/),
  };
}

function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (a: string, b: string) => number,
  missing: string,
): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = compare(a[at] ?? missing, b[at] ?? missing);
    if (order !== 0) return order;
  }
  return 0;
}

/** @param none - where a missing one stands: -1 below, 1 above */
function compareOptional(a: string | undefined, b: string | undefined, none: 1 | -1): number {
  if (a !== undefined && b !== undefined) return compareDigits(a, b);
  return none * (Number(a === undefined) - Number(b === undefined));
}

/** None is the lowest; numbers are above words; the longer wins. */
function compareLocal(a: readonly string[] | undefined, b: readonly string[] | undefined): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return compareLists(a, b, compareLocalPart, "");
}

function compareLocalPart(a: string, b: string): number {
  if (a === "" || b === "") return a.length - b.length;
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  return Number(isDigits(a)) - Number(isDigits(b)) || compareText(a, b);
}
