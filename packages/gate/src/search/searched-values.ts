/**
 * What was searched for in the bytes, in so few of them that it is kept beside every decision: with it somebody tells years later
 * how much of what is known by then was not searched for. Each value is the start of its SHA-256; these are sorted and written as
 * the distances between them, base 128 (as LEB128 does), about three bytes for each of two hundred thousand.
 * @module
 */

import { hash } from "node:crypto";
import { type SearchWish, searchable } from "./wish.ts";

/** Of the SHA-256: that a new value passes for an old one happens once in 300,000, among as many as are ever searched for. */
const KEPT_BITS = 36;
const HEX_DIGITS = KEPT_BITS / 4;
/** Of one number in base 128. */
const MOST_BYTES = 6;

const written = new WeakMap<SearchWish, string>();

/** @returns base64, of what can be searched for; the same for the same values, whatever their order */
export function writeValues(wish: SearchWish): string {
  const known = written.get(wish);
  if (known !== undefined) return known;
  const numbers = Float64Array.from(numbersOf(searchable(wish) ?? wish)).sort();
  const bytes: number[] = [];
  let before = 0;
  for (const number of numbers) {
    let distance = number - before;
    before = number;
    for (; distance >= 128; distance = Math.floor(distance / 128)) bytes.push(128 + (distance % 128));
    bytes.push(distance);
  }
  const text = Buffer.from(bytes).toString("base64");
  written.set(wish, text);
  return text;
}

/**
 * @param values - what {@link writeValues} gave
 * @param wish - what would be searched for today; of what would be left out nothing is counted
 * @returns how many of today's values were not searched for; all of them where nothing readable was kept
 */
export function countNew(values: string, wish: SearchWish): number {
  const kept = readValues(values);
  const bounded = searchable(wish);
  if (bounded === undefined) return 0;
  let count = 0;
  for (const number of numbersOf(bounded)) if (!kept.has(number)) count += 1;
  return count;
}

function readValues(values: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  let [before, distance, place] = [0, 0, 0];
  for (const byte of Buffer.from(values, "base64")) {
    distance += (byte % 128) * 128 ** place;
    place += 1;
    if (place > MOST_BYTES) return new Set();
    if (byte >= 128) continue;
    before += distance;
    numbers.add(before);
    [distance, place] = [0, 0];
  }
  return numbers;
}

function* numbersOf({ domains, urls, texts }: SearchWish): Generator<number> {
  for (const domain of domains) yield numberOf(`domain ${domain}`);
  for (const url of urls) yield numberOf(`url ${url}`);
  for (const text of texts) yield numberOf(`text ${text}`);
}

const numberOf = (value: string): number => Number.parseInt(hash("sha256", value).slice(0, HEX_DIGITS), 16);
