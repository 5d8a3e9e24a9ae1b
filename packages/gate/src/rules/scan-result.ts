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
  if (!isObject(result) || result.valid !== true || !Array.isArray(result.matches))
    throw new Error("the scan did not finish");
  return result.matches.filter(isObject).map((match) => ({
    rule: readText(match.identifier),
    namespace: readText(match.namespace),
    metadata: readMetadata(match.metadata),
    hits: readHits(match.patterns, offset),
  }));
}

function readMetadata(value: unknown): Record<string, string> {
  const pairs = Array.isArray(value) ? value.filter(isObject) : [];
  return Object.fromEntries(
    pairs.map((pair) => [readText(pair.identifier), String(pair.value).slice(0, MOST_VALUE_CHARACTERS)]),
  );
}

function readHits(value: unknown, offset: number): PatternHit[] {
  const hits: PatternHit[] = [];
  for (const pattern of Array.isArray(value) ? value.filter(isObject) : []) {
    const [first] = Array.isArray(pattern.matches) ? pattern.matches.filter(isObject) : [];
    if (first === undefined || hits.length >= MOST_HITS) continue;
    const offsetBytes = offset + Number(first.offset);
    const lengthBytes = Number(first.length);
    if (!Number.isSafeInteger(offsetBytes) || !Number.isSafeInteger(lengthBytes)) continue;
    hits.push({ pattern: readText(pattern.identifier), offsetBytes, lengthBytes });
  }
  return hits;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const readText = (value: unknown): string => (typeof value === "string" ? value : "");
