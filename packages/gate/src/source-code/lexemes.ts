/**
 * The tokens of ECMAScript source, through acorn's tokenizer. The rest of a line that it cannot read (types, JSX, a slash
 * that it takes for a regular expression) is cut into words and strings here, so that no line hides from those who look.
 * Source: ECMA-262, clause 12 "ECMAScript Language: Lexical Grammar".
 * @module
 */

import { ArtifactError, type Budget, hasCode } from "@sallyport/core";
import { Parser, type Token, tokTypes } from "acorn";

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

/** Only scripts know comments that begin with `<!--` or `-->`; in a module what stands there runs. ECMA-262 §B.1.1. */
class Reader extends Parser {
  protected readonly inModule = true;
}

/** Reads the text from front to back; what comes after {@link MAX_LEXEMES} or too many broken lines is one lexeme. */
export function* lexemesOf(text: string, budget: Budget): Generator<Lexeme, void, undefined> {
  let count = 0;
  let base = 0;
  for (let restarts = 0; restarts <= MOST_RESTARTS && base < text.length; restarts += 1) {
    const rest = base === 0 ? text : text.slice(base);
    let reached = 0;
    try {
      for (const token of Reader.tokenizer(rest, { ecmaVersion: "latest", allowHashBang: base === 0 })) {
        count += 1;
        if (count % CLOCK_TOKENS === 0) budget.checkTime();
        if (count > MAX_LEXEMES) {
          yield unread(rest, base, token.start);
          return;
        }
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
      const end = next < 0 ? rest.length : next;
      for (const lexeme of wordsOf(rest.slice(reached, end), base + reached)) {
        count += 1;
        if (count % CLOCK_TOKENS === 0) budget.checkTime();
        if (count > MAX_LEXEMES) break;
        yield lexeme;
      }
      base += end + 1;
    }
  }
  if (base < text.length) yield unread(text, 0, base);
}

const unread = (text: string, base: number, start: number): Lexeme => ({
  kind: "mark",
  value: text.slice(start),
  start: base + start,
  end: base + text.length,
});

/** Strings are short: each mark that opens one and has no other half costs no more than that. */
const WORD = /"(?:[^"\\\n]|\\.){0,400}"|'(?:[^'\\\n]|\\.){0,400}'|`(?:[^`\\\n]|\\.){0,400}`|[\w$]+|[^\s\w$]/g;

/** What tokens there would be if nothing were wrong; comments count as code. */
function* wordsOf(text: string, base: number): Generator<Lexeme> {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const isString = word.length > 1 && /["'`]/.test(word.charAt(0));
    const kind = isString ? "string" : /[\w$]/.test(word.charAt(0)) ? "name" : "mark";
    yield {
      kind,
      value: isString ? word.slice(1, -1) : word,
      start: base + index,
      end: base + index + word.length,
    };
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
