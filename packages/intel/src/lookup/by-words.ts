/** What names something in a title or in a company's name: for people who know what it is called and nothing more. @module */

import type { View } from "../answers/view.ts";
import { everyFact, factsMentioning, type StoredFact } from "../store.ts";

/** Shorter ones stand in everything. */
const MIN_CHARACTERS = 2;
const WORD = /[\p{L}\p{N}]+/gu;

/** Words of a name, as they are compared: `3CX Desktop App` has `3cx`, `desktop` and `app`. */
const wordsOf = (text: string): readonly string[] => text.normalize("NFKC").toLowerCase().match(WORD) ?? [];

/** @returns whether a text has these words, one after the other */
function hasWords(text: string, wanted: readonly string[]): boolean {
  return ` ${wordsOf(text).join(" ")} `.includes(` ${wanted.join(" ")} `);
}

/** Goes through all of them; whoever takes them keeps only so many. */
export function* indicatorsTitled(view: View, name: string): Generator<StoredFact<"indicator">> {
  const words = wordsOf(name);
  // What a database compares without regard to case.
  const part = words.filter((word) => /^[a-z0-9]+$/.test(word)).sort((a, b) => b.length - a.length)[0];
  if (words.join("").length < MIN_CHARACTERS) return;
  for (const stored of factsMentioning(view.database, view.snapshots, "indicator", part ?? ""))
    if (hasWords(stored.fact.indicator.title, words)) yield stored;
}

export function suppliersNamed(view: View, name: string): readonly StoredFact<"supplier">[] {
  const words = wordsOf(name);
  if (words.join("").length < MIN_CHARACTERS) return [];
  return [...everyFact(view.database, view.snapshots, "supplier")].filter(({ fact }) =>
    hasWords(fact.supplier.name, words),
  );
}
