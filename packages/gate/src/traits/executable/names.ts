/** Lists of names from hostile tables: sorted, bounded, and what is left out digested. @module */

import { createHash } from "node:crypto";
import type { NameList } from "./facts.ts";

const MAX_NAME_LENGTH = 256;

/**
 * @param names - in any order; at most some hundred thousand, which the reader bounds
 * @param cap - of names kept
 */
export function nameList(names: Iterable<string>, cap: number): NameList {
  const sorted = [...new Set(names)].sort();
  const kept = sorted.slice(0, cap).map((name) => name.slice(0, MAX_NAME_LENGTH));
  const isWhole = sorted.length <= cap && sorted.every(({ length }) => length <= MAX_NAME_LENGTH);
  return { names: kept, count: sorted.length, ...(!isWhole && { sha256: digestOf(sorted) }) };
}

function digestOf(names: readonly string[]): string {
  const hash = createHash("sha256");
  for (const name of names) hash.update(name).update("\0");
  return hash.digest("hex");
}
