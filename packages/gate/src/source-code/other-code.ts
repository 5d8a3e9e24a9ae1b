/**
 * Code of the languages that are read line by line: without comments that take a whole line, without docstrings, and,
 * where the language does not mind, without what splits words: carets of cmd.exe, backticks of PowerShell, strings
 * that a plus puts together.
 * Sources: the languages' references; PEP 257 for docstrings.
 * @module
 */

import { type Code, type CodeString, MOST_STRINGS, placesOf, SHORTEST_STRING } from "./code.ts";
import type { SourceLanguage } from "./language.ts";

interface Grammar {
  /** What is left out. */
  readonly leavesOut: RegExp;
  /** What ends a match that only opens something, by what the match ends with. */
  readonly closedBy?: readonly (readonly [opens: string, closes: string])[];
  readonly ignoresCase?: boolean;
}

const HASH_COMMENT = "^[ \\t]{0,200}#(?!!)[^\\n]*";
const JOINED = `'[ \\t]{0,20}\\+[ \\t]{0,20}'|"[ \\t]{0,20}\\+[ \\t]{0,20}"`;

const HASHED: Grammar = { leavesOut: new RegExp(HASH_COMMENT, "gm") };
const GRAMMARS: Readonly<Partial<Record<SourceLanguage, Grammar>>> = {
  python: {
    leavesOut: new RegExp(`${HASH_COMMENT}|^[ \\t]{0,200}[rRuU]?(?:"""|''')|${JOINED}`, "gm"),
    closedBy: [
      ['"""', '"""'],
      ["'''", "'''"],
    ],
  },
  powershell: {
    leavesOut: new RegExp(`${HASH_COMMENT}|<#|\`(?=[A-Za-z\\-])|${JOINED}`, "gm"),
    closedBy: [["<#", "#>"]],
    ignoresCase: true,
  },
  batch: { leavesOut: /^[ \t]{0,200}@?(?:rem\b|::)[^\n]*|\^(?=[\w-])/gim, ignoresCase: true },
  vbscript: { leavesOut: /^[ \t]{0,200}(?:'|rem\b)[^\n]*|"[ \t]{0,20}&[ \t]{0,20}"/gim, ignoresCase: true },
  php: {
    leavesOut: /^[ \t]{0,200}(?:#|\/\/)[^\n]*|^[ \t]{0,200}\/\*|'[ \t]{0,20}\.[ \t]{0,20}'/gm,
    closedBy: [["/*", "*/"]],
  },
  lua: { leavesOut: /^[ \t]{0,200}--[^\n]*/gm },
};

export function otherCode(text: string, language: SourceLanguage): Code {
  const grammar = GRAMMARS[language] ?? HASHED;
  const pieces: string[] = [];
  const places: number[] = [];
  const sources: number[] = [];
  let length = 0;
  let from = 0;
  for (const [start, end] of [...leftOut(text, grammar), [text.length, text.length] as const]) {
    if (start > from) {
      places.push(length);
      sources.push(from);
      pieces.push(text.slice(from, start));
      length += start - from;
    }
    from = end;
  }
  const whole = pieces.join("");
  return {
    language,
    text: grammar.ignoresCase === true ? lowerCase(whole) : whole,
    strings: stringsOf(whole),
    sourceIndex: placesOf(places, sources),
  };
}

/** Ranges that do not count, in order. What is opened and never closed counts. */
function leftOut(text: string, { leavesOut, closedBy = [] }: Grammar): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const unclosed = new Set<string>();
  const pattern = new RegExp(leavesOut);
  const isExecuted = /__doc__/.test(text);
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [found] = match;
    const opened = closedBy.find(([opens]) => found.endsWith(opens));
    if (opened === undefined) {
      ranges.push([match.index, match.index + found.length]);
      continue;
    }
    const [opens, closes] = opened;
    const end = unclosed.has(opens) ? -1 : text.indexOf(closes, match.index + found.length);
    if (end < 0) unclosed.add(opens);
    else {
      // What a call, a list or an assignment goes on with is a value, not what a person reads.
      const isRead = !isQuoted(opens) || !(isExecuted || isValue(text, match.index));
      if (isRead) ranges.push([match.index, end + closes.length]);
      pattern.lastIndex = end + closes.length;
    }
  }
  return ranges;
}

const isQuoted = (opens: string): boolean => /^["']/.test(opens);

/** Goes on with a line that is not at its end. */
function isValue(text: string, index: number): boolean {
  let at = index - 1;
  while (at >= 0 && index - at < MOST_GAP && text.charCodeAt(at) <= SPACE) at -= 1;
  return at >= 0 && /[([{,=+\\%|]/.test(text.charAt(at));
}

/** Of white space before a text that goes on. */
const MOST_GAP = 4096;

/** Of ASCII only: other letters would change their length. */
const lowerCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** What stands between quotation marks without a space: what is encoded has none. */
function stringsOf(text: string): CodeString[] {
  const strings: CodeString[] = [];
  let opened = -1;
  for (let at = 0; at < text.length && strings.length < MOST_STRINGS; at += 1) {
    const character = text.charCodeAt(at);
    if (character <= SPACE) opened = -1;
    else if (QUOTES.has(character)) {
      if (opened >= 0 && at - opened > SHORTEST_STRING)
        strings.push({ value: text.slice(opened + 1, at), index: opened + 1 });
      opened = at;
    }
  }
  return strings;
}

const SPACE = 0x20;
const QUOTES: ReadonlySet<number> = new Set([..."\"'`"].map((quote) => quote.charCodeAt(0)));
