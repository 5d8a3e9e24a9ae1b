/** Finds the signs in code, a bounded window at a time. @module */

import type { Budget } from "@sallyport/core";
import type { SourceLanguage } from "../../source-code/language.ts";
import { ALONE } from "./alone.ts";
import { CARRIERS } from "./carrier.ts";
import { wordsOf } from "./grams.ts";
import { NETWORK } from "./network.ts";
import { PAYMENTS } from "./payments.ts";
import { RUNNING } from "./running.ts";
import { SECRETS } from "./secrets.ts";
import type { Look, Sign } from "./sign.ts";

/** Where each sign stands in the code, ascending. */
export type Places = Map<string, readonly number[]>;

export const SCRIPT_SIGNS: readonly Sign[] = [
  ...ALONE,
  ...SECRETS,
  ...NETWORK,
  ...RUNNING,
  ...CARRIERS,
  ...PAYMENTS,
];

/** Between two looks at the clock. */
const WINDOW_CHARACTERS = 1024 * 1024;
/** Longer than what a pattern can match. */
const OVERLAP_CHARACTERS = 4096;
/** Of one sign in one member. */
const MOST_PLACES = 4000;
const NEAR_CHARACTERS = 500;
/** A line that prints does not do what it shows. */
const PRINTS = /^[ \t]*(?:@?echo|printf|print|puts|write-(?:host|output|verbose)|log|info|warn|cat)\b/;

export function findSigns(text: string, language: SourceLanguage, budget: Budget): Places {
  const places: Places = new Map();
  const holds = wordsOf(text);
  for (const { id, looks } of SCRIPT_SIGNS) {
    const found: number[] = [];
    for (const look of looks) {
      if (look.languages !== undefined && !look.languages.includes(language)) continue;
      if (look.near !== undefined && hasOwnLook(looks, look, language)) continue;
      if (look.needles.some(holds)) found.push(...findLook(text, look, budget));
    }
    if (found.length > 0) places.set(id, [...new Set(found)].sort((a, b) => a - b).slice(0, MOST_PLACES));
  }
  return places;
}

/** The same pattern, for this language without a condition: that one was asked already. */
const hasOwnLook = (looks: readonly Look[], { pattern }: Look, language: SourceLanguage): boolean =>
  looks.some(
    (other) =>
      other.pattern === pattern && other.near === undefined && other.languages?.includes(language) === true,
  );

function findLook(text: string, look: Look, budget: Budget): number[] {
  const found: number[] = [];
  const different = new Set<string>();
  for (let start = 0; start < text.length; start += WINDOW_CHARACTERS) {
    budget.checkTime();
    const end = start + WINDOW_CHARACTERS + OVERLAP_CHARACTERS;
    const window = start === 0 && end >= text.length ? text : text.slice(start, end);
    for (const { 0: match, index } of window.matchAll(look.pattern)) {
      if (!counts(window, index, match.length, look)) continue;
      different.add(match);
      found.push(start + index);
      if (found.length >= MOST_PLACES) return found;
    }
  }
  return different.size >= (look.different ?? 1) ? found : [];
}

function counts(text: string, index: number, length: number, { near }: Look): boolean {
  if (near !== undefined) return near.test(text.slice(Math.max(0, index - NEAR_CHARACTERS), index + length));
  const line = text.lastIndexOf("\n", index) + 1;
  if (index - line > NEAR_CHARACTERS) return true;
  // Some patterns begin with the mark before the word.
  const before = text.slice(line, text.charAt(index) === "(" ? index + 1 : index);
  // What is printed into a pipe is not for people, and what stands behind the printing is no part of it.
  return !PRINTS.test(before) || !isInText(before);
}

/** Ends a command, or asks for the answer of one, in some shell. */
const NEXT_COMMAND = /[|;&`]|\$\(|<\(/;

/** Behind a quotation mark that is still open; without one, in the words of the one command. */
function isInText(before: string): boolean {
  let open = "";
  let bare = "";
  for (const character of before.replaceAll(/\\./g, "")) {
    if (open === "") {
      if (character === '"' || character === "'") open = character;
      else bare += character;
    } else if (character === open) open = "";
    else if (open === '"')
      bare += character === "$" || character === "`" || character === "(" ? character : " ";
  }
  if (NEXT_COMMAND.test(bare)) return false;
  return open !== "" || !bare.includes("(");
}

/** Of the same length. */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
