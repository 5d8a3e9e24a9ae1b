/**
 * What desktop software writes: numbers and words between points, dashes and blanks. No document orders these; this order is
 * ours: numbers by value, missing ones are zero, words for what comes before a release below it, every other word above.
 * `FileVersion` texts of PE are read as people write them there: `6, 1, 0, 3`, `6.2.9200.1 (win8_rtm)`.
 * Sources for the spellings: Microsoft Learn, VERSIONINFO resource; openssl.org, release strategy (`1.0.2zh`);
 * OpenJDK JEP 223 (`8u202`, `1.8.0_202`)
 * @module
 */

import { compareDigits, compareText, isDigits } from "./digits.ts";

const MAX_PARTS = 16;
const MAX_CHARACTERS = 200;

/** Words for what comes before the release; equal rank, equal stage. */
const BEFORE_RELEASE: ReadonlyMap<string, number> = new Map([
  ["dev", 0],
  ["nightly", 0],
  ["snapshot", 0],
  ["canary", 0],
  ["insider", 0],
  ["alpha", 1],
  ["beta", 2],
  ["milestone", 3],
  ["preview", 3],
  ["pre", 3],
  ["prerelease", 3],
  ["ea", 3],
  ["ctp", 3],
  ["rc", 4],
]);
/** Behind a blank, other words end a version: `1.2 built by hand`. */
const AFTER_RELEASE = new Set([
  "sp",
  "p",
  "pl",
  "patch",
  "u",
  "update",
  "r",
  "rev",
  "build",
  "hotfix",
  "hf",
  "cu",
]);
/** Say nothing of their own: `service pack 1`, `build 7`. */
const FILLERS = new Set(["service", "pack", "version", "release", "final", "ga"]);
const JAVA_UPDATE = /^([0-9]{1,2})u([0-9]+)(?:-?b[0-9]+)?$/;
const JAVA_BEFORE_9 = /^1\.([0-9])\.([0-9]+)(?:(?:_| update[_ ]?)([0-9]+))?(?:-?b[0-9]+)?$/;

export function compareGeneric(a: string, b: string): number | undefined {
  const left = partsOf(a);
  const right = partsOf(b);
  if (left === undefined || right === undefined) return undefined;
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = compareParts(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** @returns digits and words by turns; undefined for what holds no number or is no version a person would write */
export function partsOf(version: string): readonly string[] | undefined {
  if (version.length > MAX_CHARACTERS) return undefined;
  const text = spelled(version);
  const parts: string[] = [];
  for (const match of text.matchAll(/(\s?)([0-9]+|[a-z]+)/g)) {
    const [, blank = "", word = ""] = match;
    if (parts.length === 0 && !isDigits(word)) return undefined;
    if (FILLERS.has(word)) continue;
    if (blank !== "" && !isDigits(word) && !BEFORE_RELEASE.has(word) && !AFTER_RELEASE.has(word)) break;
    parts.push(stageOf(word, text.charAt(match.index + match[0].length)));
    if (parts.length === MAX_PARTS) break;
  }
  return parts.length === 0 ? undefined : parts;
}

/** One spelling for what is written in several. */
function spelled(version: string): string {
  const text = version
    .toLowerCase()
    .replace(/[([{+].*$/s, "")
    .replace(/\s*,\s*/g, ".")
    .trim()
    .replace(/^(?:version|release|ver\.?|v|r)\s*(?=[0-9])/, "");
  const [, major, update] = JAVA_UPDATE.exec(text) ?? [];
  if (major !== undefined) return `${major}.0.${update}`;
  const [, old, minor, patch] = JAVA_BEFORE_9.exec(text) ?? [];
  return old !== undefined && patch !== undefined ? `${old}.${minor}.${patch}` : text;
}

/** `1.0b2` is the second beta; `0.9.8b` alone is a patch. */
function stageOf(word: string, next: string): string {
  if (word === "a" && isDigits(next)) return "alpha";
  if (word === "b" && isDigits(next)) return "beta";
  return word;
}

/** In this order at every place: words before a release, zero or nothing, other words, numbers. So it is a total order. */
function compareParts(a = "0", b = "0"): number {
  if (isDigits(a) && isDigits(b)) return compareDigits(a, b);
  if (!isDigits(a) && !isDigits(b)) return compareWords(a, b);
  return isDigits(a) ? -compareWordWithNumber(b, a) : compareWordWithNumber(a, b);
}

const compareWordWithNumber = (word: string, number: string): number =>
  BEFORE_RELEASE.has(word) || !/^0+$/.test(number) ? -1 : 1;

function compareWords(a: string, b: string): number {
  const left = BEFORE_RELEASE.get(a);
  const right = BEFORE_RELEASE.get(b);
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined) || compareText(a, b);
  return left - right;
}
