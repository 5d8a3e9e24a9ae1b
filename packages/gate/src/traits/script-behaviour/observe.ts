/** What one script does: its signs, and how close together those of a combination stand. @module */

import type { Budget } from "@sallyport/core";
import { type Code, codeOf } from "../../source-code/code.ts";
import type { SourceText } from "../../source-code/source-text.ts";
import { COMBINATIONS } from "./combinations.ts";
import { hidingEncoding } from "./disguised.ts";
import { findEncodedScripts } from "./encoded.ts";
import { findSigns, lowerCase, type Places } from "./find.ts";
import { closest } from "./proximity.ts";

export interface SeenSign {
  readonly count: number;
  /** Of the first. */
  readonly offsetBytes: number;
  /** The code around the first; at most 240 characters. */
  readonly text: string;
}

export interface SeenCombination {
  /** Characters of code from the first to the last of its signs, where they stand closest. */
  readonly spanCharacters: number;
  readonly signs: readonly string[];
  readonly offsetBytes: number;
  /** The code around each of its signs. */
  readonly text: string;
}

export interface Behaviour {
  readonly language: string;
  readonly codeCharacters: number;
  readonly signs: Readonly<Record<string, SeenSign>>;
  readonly combinations: Readonly<Record<string, SeenCombination>>;
}

/** What nothing was observed in. */
export const DOES_NOTHING: Behaviour = { language: "other", codeCharacters: 0, signs: {}, combinations: {} };

/** @returns undefined when it does nothing that is told here */
export function observeBehaviour(source: SourceText, budget: Budget): Behaviour | undefined {
  const code = codeOf(source, budget);
  const text = lowerCase(code.text);
  const places = findSigns(text, code.language, budget);
  const encoded = findEncodedScripts(code, budget);
  if (encoded !== undefined) places.set("encoded-script", encoded.places);
  const hiding = hidingEncoding(source);
  if (hiding !== undefined) places.set("hiding-encoding", [hiding]);
  if (places.size === 0) return undefined;
  const offsetOf = (index: number): number =>
    source.offsetBytes(Math.min(code.sourceIndex(index), source.text.length));
  const signs: Record<string, SeenSign> = {};
  for (const id of [...places.keys()].sort()) {
    const found = places.get(id) ?? [];
    const first = found[0] ?? 0;
    const shown = id === "encoded-script" && encoded !== undefined ? encoded.text : around(code, first);
    signs[id] = { count: found.length, offsetBytes: offsetOf(first), text: shown };
  }
  return {
    language: code.language,
    codeCharacters: text.length,
    signs,
    combinations: combine(code, places, offsetOf),
  };
}

function combine(
  code: Code,
  places: Places,
  offsetOf: (index: number) => number,
): Record<string, SeenCombination> {
  const combinations: Record<string, SeenCombination> = {};
  for (const { id, needs } of COMBINATIONS) {
    const found = closest(needs, places);
    if (found === undefined) continue;
    combinations[id] = {
      spanCharacters: found.spanCharacters,
      signs: found.signs.map(({ id: sign }) => sign),
      offsetBytes: offsetOf(found.signs[0]?.index ?? 0),
      text: [...new Set(found.signs.map(({ index }) => around(code, index)))].join("\n"),
    };
  }
  return combinations;
}

const SHOWN_BEFORE = 80;
const SHOWN_AFTER = 160;

function around({ text }: Code, index: number): string {
  const start = Math.max(0, index - SHOWN_BEFORE);
  const line = text.lastIndexOf("\n", index) + 1;
  const piece = text.slice(Math.max(start, line), index + SHOWN_AFTER);
  return piece.replace(/[^\P{C}\n\t]/gu, "·").trim();
}
