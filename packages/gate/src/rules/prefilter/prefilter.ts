/**
 * Tells small texts in which no rule can match, so that they need not be scanned: a scan costs milliseconds however small
 * the file is, and packages hold thousands of scripts. What it cannot tell is scanned.
 * @module
 */

import { type ReadRule, readRules } from "./rule-text.ts";

/** Above it a scan costs no more than looking here. */
export const PREFILTERED_BYTES = 256 * 1024;
const GRAM_BYTES = 3;
const SLOTS = 1 << 16;

const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

export interface Prefilter {
  /** @returns false only when no rule that speaks of this kind of file can match */
  mayMatch(bytes: Uint8Array, kind: string): boolean;
}

/** @param texts - of our own rules */
export function makePrefilter(texts: readonly string[]): Prefilter {
  const rules = texts.flatMap(readRules);
  const needles = [...new Set(rules.flatMap((rule) => [...rule.needles.values()].flat(2)))];
  const search = makeSearch(needles);
  return {
    mayMatch(bytes, kind) {
      // Texts of two bytes to a character hold zeros, and so do programs.
      if (bytes.length > PREFILTERED_BYTES || bytes.includes(0)) return true;
      const found = search(bytes);
      return rules.some((rule) => rule.files.includes(kind) && mayHold(rule, found));
    },
  };
}

function mayHold({ needles, condition }: ReadRule, found: ReadonlySet<string>): boolean {
  return condition((pattern) =>
    (needles.get(pattern) ?? []).every((choice) => choice.some((needle) => found.has(needle))),
  );
}

/** @returns finds which of the needles stand in a text, in either case, by their first three characters */
function makeSearch(needles: readonly string[]): (bytes: Uint8Array) => ReadonlySet<string> {
  const byGram = Map.groupBy(
    needles.map((text) => ({ text, bytes: Buffer.from(text, "latin1") })),
    ({ bytes }) => bytes.readUIntBE(0, GRAM_BYTES),
  );
  const slots = new Uint8Array(SLOTS);
  for (const gram of byGram.keys()) slots[slotOf(gram)] = 1;
  return (bytes) => {
    const found = new Set<string>();
    let gram = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      gram = ((gram << 8) & 0xffffff) | (LOWER[bytes[at] ?? 0] ?? 0);
      if (at < GRAM_BYTES - 1 || slots[slotOf(gram)] === 0) continue;
      for (const needle of byGram.get(gram) ?? [])
        if (!found.has(needle.text) && standsAt(bytes, at - GRAM_BYTES + 1, needle.bytes))
          found.add(needle.text);
    }
    return found;
  };
}

/** The upper half of a product that mixes all bits. */
const slotOf = (gram: number): number => Math.imul(gram, 0x9e3779b1) >>> 16;

function standsAt(bytes: Uint8Array, offset: number, needle: Uint8Array): boolean {
  for (let index = GRAM_BYTES; index < needle.length; index += 1)
    if (LOWER[bytes[offset + index] ?? 0] !== needle[index]) return false;
  return true;
}
