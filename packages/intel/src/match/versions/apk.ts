/**
 * Alpine: `1.2.3a_alpha1_p2-r3`. Source: apk-package(5), and what apk-tools' test/version.data expects.
 * @module
 */

import { compareDigits } from "./digits.ts";

const VERSION = /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_[a-z]+[0-9]*)*)(?:~[0-9a-f]+)?(?:-r([0-9]+))?$/;
const SUFFIX = /_([a-z]+)([0-9]*)/g;
/** Before the release itself, and after it. */
const BEFORE = ["alpha", "beta", "pre", "rc"];
const AFTER = ["cvs", "svn", "git", "hg", "p"];

/** Which part it is: where two versions part ways, the one whose next part is a later kind is the lower. */
const FRACTION = 0;
const NUMBER = 1;
const LETTER = 2;
const SUFFIX_WORD = 3;
const SUFFIX_NUMBER = 4;
const REVISION = 5;
const END = 6;

interface Part {
  readonly kind: number;
  /** Digits, with a minus in front for what sorts before none. */
  readonly value: string;
}

export function compareApk(a: string, b: string): number | undefined {
  const left = partsOf(a);
  const right = partsOf(b);
  if (left === undefined || right === undefined) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = comparePart(left[at] ?? OVER, right[at] ?? OVER);
    if (order !== 0) return order;
  }
  return 0;
}

const OVER: Part = { kind: END, value: "0" };

function comparePart(a: Part, b: Part): number {
  if (a.kind === b.kind) return compareSigned(a.value, b.value);
  if (a.kind === SUFFIX_WORD && a.value.startsWith("-")) return -1;
  if (b.kind === SUFFIX_WORD && b.value.startsWith("-")) return 1;
  return b.kind - a.kind;
}

function compareSigned(a: string, b: string): number {
  const leftBelow = a.startsWith("-");
  const rightBelow = b.startsWith("-");
  if (leftBelow !== rightBelow) return leftBelow ? -1 : 1;
  return leftBelow ? compareDigits(b.slice(1), a.slice(1)) : compareDigits(a, b);
}

function partsOf(version: string): Part[] | undefined {
  const [, numbers, letter, suffixes, revision] = VERSION.exec(version.trim()) ?? [];
  if (numbers === undefined) return undefined;
  const parts = numbers.split(".").flatMap(numberParts);
  if (letter) parts.push({ kind: LETTER, value: String(letter.charCodeAt(0)) });
  for (const [, word = "", number = ""] of (suffixes ?? "").matchAll(SUFFIX)) {
    const before = BEFORE.indexOf(word);
    const after = AFTER.indexOf(word);
    if (before < 0 && after < 0) return undefined;
    parts.push({ kind: SUFFIX_WORD, value: before < 0 ? String(after) : `-${BEFORE.length - before}` });
    if (number !== "") parts.push({ kind: SUFFIX_NUMBER, value: number });
  }
  if (revision !== undefined) parts.push({ kind: REVISION, value: revision });
  return parts;
}

/** Behind the first point, zeros in front make a fraction of it: 1.06 is below 1.6, and 1.0.1 below 1.06. */
function numberParts(digits: string, at: number, all: readonly string[]): Part[] {
  if (at === 0) return [{ kind: NUMBER, value: digits }];
  const rest = digits.replace(/^0+/, "");
  if (rest.length === digits.length) return [{ kind: FRACTION, value: digits }];
  const fraction: Part = { kind: FRACTION, value: `-${digits.length - rest.length}` };
  const isLast = at === all.length - 1;
  return rest === "" && isLast ? [fraction] : [fraction, { kind: NUMBER, value: rest || "0" }];
}
