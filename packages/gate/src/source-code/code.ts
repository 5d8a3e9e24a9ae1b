/**
 * Source text as a reader of behaviour wants it: without comments, without the spaces between tokens, strings that were
 * written in pieces or escapes put together. Each place in it leads back to where it stands in the member.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { ecmascriptCode } from "./ecmascript-code.ts";
import type { SourceLanguage } from "./language.ts";
import { type Lexeme, lexemesOf } from "./lexemes.ts";
import { otherCode } from "./other-code.ts";
import type { SourceText } from "./source-text.ts";

export interface Code {
  readonly language: SourceLanguage;
  /** Lower case, where the language does not tell the cases apart. */
  readonly text: string;
  /** String literals that are long enough to hold something, in order. */
  readonly strings: readonly CodeString[];
  /** From a place in {@link text} to one in the source text. */
  sourceIndex(index: number): number;
}

export interface CodeString {
  readonly value: string;
  /** Where it stands in the code's text. */
  readonly index: number;
}

/** Strings that are kept of one member. */
export const MOST_STRINGS = 50_000;
/** Shorter ones hide no code. */
export const SHORTEST_STRING = 20;

const codes = new WeakMap<SourceText, Code>();

/**
 * Made once for all who ask.
 * @param visit - sees every token of ECMAScript on the way, in order
 */
export function codeOf(source: SourceText, budget: Budget, visit?: (lexeme: Lexeme) => void): Code {
  const { language, text } = source;
  const known = codes.get(source);
  if (known !== undefined) {
    if (visit !== undefined && language === "ecmascript")
      for (const lexeme of lexemesOf(text, budget)) visit(lexeme);
    return known;
  }
  const code = language === "ecmascript" ? ecmascriptCode(text, budget, visit) : otherCode(text, language);
  codes.set(source, code);
  return code;
}

/**
 * Leads from the pieces a text was put together of back to where they were.
 * @param places - where each piece begins in the text, ascending
 * @param sources - where it began before
 */
export const placesOf =
  (places: readonly number[], sources: readonly number[]) =>
  (index: number): number => {
    let low = 0;
    let high = places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((places[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return (sources[low] ?? 0) + Math.max(0, index - (places[low] ?? 0));
  };
