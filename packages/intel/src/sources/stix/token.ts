/** The words of a STIX pattern. Source: STIX 2.1 §9.1 (lexical elements), §9.6 (comparison operators). @module */

import { refuse } from "./refusal.ts";

export type Token =
  | { readonly kind: "mark"; readonly text: "[" | "]" | "(" | ")" | "," }
  | { readonly kind: "operator"; readonly text: string }
  /** Upper case. */
  | { readonly kind: "word"; readonly text: string }
  /** `file:hashes.'SHA-256'`, as it is written. */
  | { readonly kind: "path"; readonly text: string }
  /** Without its quotes; of other kinds than text the letter in front is kept. */
  | { readonly kind: "constant"; readonly text: string };

const MOST_TOKENS = 20_000;
const SPACE = /\s+/y;
const TEXT = /'((?:[^'\\]|\\['\\])*)'/y;
const TYPED = /[thb]'[^']*'/y;
const NUMBER = /[+-]?\d+(?:\.\d+)?(?![\w.:])/y;
const OPERATOR = /!=|<>|==|=|<=|>=|<|>/y;
const PATH =
  /[a-z0-9_-]+:(?:[A-Za-z_][\w-]*|'(?:[^'\\]|\\['\\])*')(?:\.(?:[A-Za-z_][\w-]*|'(?:[^'\\]|\\['\\])*')|\[(?:\*|\d+)\])*/y;
const WORD = /[A-Za-z_]\w*/y;

/** @throws FeedError when there is something that no pattern holds */
export function tokensOf(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(pattern, 0); at < pattern.length; at = skipSpace(pattern, at)) {
    if (tokens.length >= MOST_TOKENS) return refuse("is longer than any that is read");
    const [token, length] = nextToken(pattern, at);
    tokens.push(token);
    at += length;
  }
  return tokens;
}

function nextToken(pattern: string, at: number): readonly [Token, number] {
  const character = pattern[at] ?? "";
  if (character === "[" || character === "]" || character === "(" || character === ")" || character === ",")
    return [{ kind: "mark", text: character }, 1];
  const text = matchAt(TEXT, pattern, at);
  if (text !== undefined)
    return [{ kind: "constant", text: text.slice(1, -1).replaceAll(/\\(['\\])/g, "$1") }, text.length];
  const typed = matchAt(TYPED, pattern, at) ?? matchAt(NUMBER, pattern, at);
  if (typed !== undefined) return [{ kind: "constant", text: typed }, typed.length];
  const operator = matchAt(OPERATOR, pattern, at);
  if (operator !== undefined) return [{ kind: "operator", text: operator }, operator.length];
  const path = matchAt(PATH, pattern, at);
  if (path !== undefined) return [{ kind: "path", text: path }, path.length];
  const word = matchAt(WORD, pattern, at);
  if (word !== undefined) return [{ kind: "word", text: word.toUpperCase() }, word.length];
  return refuse(`cannot be read at ${JSON.stringify(pattern.slice(at, at + 20))}`);
}

function matchAt(expression: RegExp, pattern: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(pattern)?.[0];
}

const skipSpace = (pattern: string, at: number): number => at + (matchAt(SPACE, pattern, at)?.length ?? 0);
