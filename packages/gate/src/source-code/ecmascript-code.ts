/**
 * ECMAScript without its comments and its spelling: `"chi" + "ld_process"` becomes one string, `a["b"]` becomes `a.b`,
 * escapes become what they mean. White space stands only where two words would become one.
 * @module
 */

import type { Budget } from "@sallyport/core";
import { type Code, type CodeString, MOST_STRINGS, placesOf, SHORTEST_STRING } from "./code.ts";
import { type Lexeme, lexemesOf } from "./lexemes.ts";

/** Pieces, and for those that are strings what they mean. */
interface Draft {
  readonly pieces: string[];
  readonly sources: number[];
  readonly values: (string | undefined)[];
}

const PROPERTY = /^[A-Za-z_$][\w$]{0,80}$/;
/** What a bracket may stand behind, when it asks for a property. */
const OWNER_END = /[\w$)\]"]$/;

export function ecmascriptCode(text: string, budget: Budget, visit?: (lexeme: Lexeme) => void): Code {
  const draft: Draft = { pieces: [], sources: [], values: [] };
  for (const lexeme of lexemesOf(text, budget)) {
    visit?.(lexeme);
    const { kind, value, start } = lexeme;
    if (kind === "string") addString(draft, value, start);
    else if (value === "]" && closesProperty(draft)) nameProperty(draft);
    else if (value === ":") addColon(draft, start);
    else add(draft, value, start, kind === "template" ? value : undefined);
  }
  return finish(draft);
}

function add({ pieces, sources, values }: Draft, piece: string, source: number, value?: string): void {
  pieces.push(piece);
  sources.push(source);
  values.push(value);
}

/** Goes on with the string before, when only a plus stands between them. */
function addString(draft: Draft, value: string, source: number): void {
  const { pieces, sources, values } = draft;
  const last = pieces.length - 1;
  const left = pieces[last] === "+" && pieces[last - 1] === QUOTED ? values[last - 1] : undefined;
  if (left === undefined) {
    add(draft, QUOTED, source, value);
    return;
  }
  pieces.pop();
  sources.pop();
  values.pop();
  values[last - 1] = left + value;
}

/** Stands for a string until all its parts are known. */
const QUOTED = '""';

function closesProperty({ pieces, values }: Draft): boolean {
  const last = pieces.length - 1;
  const name = values[last];
  return (
    pieces[last] === QUOTED &&
    pieces[last - 1] === "[" &&
    name !== undefined &&
    PROPERTY.test(name) &&
    OWNER_END.test(pieces[last - 2] ?? "")
  );
}

function nameProperty({ pieces, sources, values }: Draft): void {
  const name = values.pop() ?? "";
  pieces.pop();
  sources.pop();
  pieces[pieces.length - 1] = `.${name}`;
}

/** A letter, a digit, `_` or `$`: two of them would become one word. */
const isWord = (character: number): boolean =>
  (character >= 0x61 && character <= 0x7a) ||
  (character >= 0x41 && character <= 0x5a) ||
  (character >= 0x30 && character <= 0x39) ||
  character === 0x5f ||
  character === 0x24 ||
  character >= 0x80;

/** Of the same length, on one line, and without the mark that ends it. */
const quotable = (value: string): string =>
  /["\n]/.test(value) ? value.replaceAll("\n", " ").replaceAll('"', "'") : value;

/** `{ "method": x }` is `{ method: x }`. */
function addColon(draft: Draft, source: number): void {
  const { pieces, values } = draft;
  const last = pieces.length - 1;
  const name = values[last];
  const opens = pieces[last - 1];
  if (
    pieces[last] === QUOTED &&
    (opens === "{" || opens === ",") &&
    name !== undefined &&
    PROPERTY.test(name)
  ) {
    pieces[last] = name;
    values[last] = undefined;
  }
  add(draft, ":", source);
}

function finish({ pieces, sources, values }: Draft): Code {
  const places: number[] = [];
  const strings: CodeString[] = [];
  let length = 0;
  let before = 0;
  for (let at = 0; at < pieces.length; at += 1) {
    let piece = pieces[at] ?? "";
    const value = values[at];
    if (value !== undefined) {
      if (value.length >= SHORTEST_STRING && strings.length < MOST_STRINGS)
        strings.push({ value, index: length });
      if (piece === QUOTED) piece = `"${quotable(value)}"`;
    } else if (isWord(piece.charCodeAt(0)) && isWord(before)) piece = ` ${piece}`;
    places.push(length);
    length += piece.length;
    before = piece.charCodeAt(piece.length - 1);
    pieces[at] = piece;
  }
  return { language: "ecmascript", text: pieces.join(""), strings, sourceIndex: placesOf(places, sources) };
}
