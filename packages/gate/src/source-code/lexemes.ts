/**
 * The tokens of ECMAScript source, through acorn's tokenizer. What it cannot read (types, JSX, a broken line) costs the
 * rest of that line; the rest of the file is read on.
 * Source: ECMA-262, clause 12 "ECMAScript Language: Lexical Grammar".
 * @module
 */

import { ArtifactError, type Budget, hasCode } from "@sallyport/core";
import { type Token, tokenizer, tokTypes } from "acorn";

export type LexemeKind = "name" | "keyword" | "string" | "template" | "number" | "regexp" | "mark";

export interface Lexeme {
  readonly kind: LexemeKind;
  /** What a string means; of everything else, what stands there. */
  readonly value: string;
  /** Characters from the start of the text. */
  readonly start: number;
  readonly end: number;
}

/** So often a text is taken up again behind a line that is no ECMAScript; each time costs a new tokenizer. */
const MOST_RESTARTS = 200;
/** Tokens between two looks at the clock. */
const CLOCK_TOKENS = 4096;
/** Tokens of one text, at most. */
export const MAX_LEXEMES = 8_000_000;

/** Reads the text from front to back; what comes after {@link MAX_LEXEMES} is left out. */
export function* lexemesOf(text: string, budget: Budget): Generator<Lexeme, void, undefined> {
  let count = 0;
  let base = 0;
  for (let restarts = 0; restarts <= MOST_RESTARTS && base < text.length; restarts += 1) {
    const rest = base === 0 ? text : text.slice(base);
    let reached = 0;
    try {
      for (const token of tokenizer(rest, { ecmaVersion: "latest", allowHashBang: base === 0 })) {
        count += 1;
        if (count % CLOCK_TOKENS === 0) budget.checkTime();
        if (count > MAX_LEXEMES) return;
        reached = token.end;
        yield lexemeOf(token, rest, base);
      }
      return;
    } catch (error) {
      // Too deep a nesting inside of a regular expression is a RangeError; both are the text's fault.
      if (hasCode(error, "artifact.over-limit") || error instanceof ArtifactError) throw error;
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      const position = positionOf(error);
      const next = rest.indexOf("\n", Math.max(reached, Math.min(position, rest.length)));
      if (next < 0) return;
      base += next + 1;
    }
  }
}

/** Where acorn stopped. */
const positionOf = (error: Error): number =>
  "raisedAt" in error && typeof error.raisedAt === "number"
    ? error.raisedAt
    : "pos" in error && typeof error.pos === "number"
      ? error.pos
      : 0;

function lexemeOf(token: Token, text: string, base: number): Lexeme {
  const { type, start, end } = token;
  const kind = kindOf(token);
  const raw = text.slice(start, end);
  const decoded = "value" in token && typeof token.value === "string" ? token.value : raw;
  const value = kind === "string" || kind === "template" ? decoded : kind === "name" ? decoded : raw;
  return { kind: type.keyword === undefined ? kind : "keyword", value, start: base + start, end: base + end };
}

function kindOf({ type }: Token): LexemeKind {
  if (type === tokTypes.name || type === tokTypes.privateId) return "name";
  if (type === tokTypes.string) return "string";
  if (type === tokTypes.template || type === tokTypes.invalidTemplate) return "template";
  if (type === tokTypes.num) return "number";
  return type === tokTypes.regexp ? "regexp" : "mark";
}
