/** Reads what the engine says of one scan: it was handed hostile bytes, so its answer is checked like any other. @module */

import type { PatternHit, RuleMatch } from "./rule-set.ts";

/** Patterns of one rule that are told of. */
const MOST_HITS = 64;
const MOST_VALUE_CHARACTERS = 1000;

/**
 * @param result - what `Scanner.scan` returned
 * @param offset - of the scanned bytes from the start of the member
 * @throws Error when the scan was not finished
 */
export function readScan(result: unknown, offset: number): RuleMatch[] {
  return matchesOf(result).map((match) => ({
    rule: readText(match.identifier),
    namespace: readText(match.namespace),
    metadata: readMetadata(match.metadata),
    hits: readHits(match.patterns, offset),
  }));
}

/**
 * @param mostHits - of one pattern that were looked for
 * @returns where every hit begins; undefined when a pattern has as many as were looked for
 * @throws Error when the scan was not finished
 */
export function readPlaces(result: unknown, mostHits: number): number[] | undefined {
  const places: number[] = [];
  for (const { patterns } of matchesOf(result))
    for (const { matches } of listOf(patterns)) {
      const hits = listOf(matches);
      if (hits.length >= mostHits) return undefined;
      for (const { offset } of hits) if (Number.isSafeInteger(offset)) places.push(Number(offset));
    }
  return places;
}

function matchesOf(result: unknown): readonly Record<string, unknown>[] {
  if (!isObject(result) || result.valid !== true || !Array.isArray(result.matches))
    throw new Error("the scan did not finish");
  return listOf(result.matches);
}

function readMetadata(value: unknown): Record<string, string> {
  return Object.fromEntries(
    listOf(value).map((pair) => [
      readText(pair.identifier),
      String(pair.value).slice(0, MOST_VALUE_CHARACTERS),
    ]),
  );
}

function readHits(value: unknown, offset: number): PatternHit[] {
  const hits: PatternHit[] = [];
  for (const pattern of listOf(value)) {
    const [first] = listOf(pattern.matches);
    if (first === undefined || hits.length >= MOST_HITS) continue;
    const offsetBytes = offset + Number(first.offset);
    const lengthBytes = Number(first.length);
    if (!Number.isSafeInteger(offsetBytes) || !Number.isSafeInteger(lengthBytes)) continue;
    hits.push({ pattern: readText(pattern.identifier), offsetBytes, lengthBytes });
  }
  return hits;
}

const listOf = (value: unknown): readonly Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const readText = (value: unknown): string => (typeof value === "string" ? value : "");
