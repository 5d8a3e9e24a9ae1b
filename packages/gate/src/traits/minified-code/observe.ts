/** Finds the signs in one ECMAScript member: one pass over its tokens, and some looks at its text. @module */

import type { Budget } from "@sallyport/core";
import { type Code, codeOf } from "../../source-code/code.ts";
import { MAX_LEXEMES } from "../../source-code/lexemes.ts";
import type { SourceText } from "../../source-code/source-text.ts";
import { findDynamicCode } from "./dynamic-code.ts";
import { findInText } from "./in-text.ts";
import { type TokenSigns, TokenWatch } from "./in-tokens.ts";
import type { SignId } from "./signs.ts";

export interface Sighting {
  readonly count: number;
  /** Of the first. */
  readonly offsetBytes: number;
  /** What stands around the first, without comments and with strings put together; at most 200 characters. */
  readonly text: string;
}

export interface CodeShape {
  readonly tokens: number;
  readonly names: number;
  readonly lines: number;
  readonly longestLine: number;
  /** Lines of 1,000 characters and more that are mostly code. */
  readonly longLines: number;
  /** Something in the middle was not read. */
  readonly truncated?: true;
  readonly signs: Readonly<Partial<Record<SignId, Sighting>>>;
}

/** Where a sign was met: by a place in the source text or in its code. */
export interface Met {
  readonly sign: SignId;
  readonly count: number;
  readonly at: { readonly sourceIndex: number } | { readonly codeIndex: number };
}

export function observeCode(source: SourceText, budget: Budget): CodeShape {
  const watch = new TokenWatch(source.text);
  const code = codeOf(source, budget, (lexeme) => watch.visit(lexeme));
  const tokens = watch.finish();
  const met = [...tokens.met, ...findDynamicCode(code, budget), ...findInText(source.text, code)];
  const signs: Partial<Record<SignId, Sighting>> = {};
  for (const one of met.toSorted((a, b) => (a.sign < b.sign ? -1 : 1))) {
    const known = signs[one.sign];
    signs[one.sign] =
      known === undefined ? sightingOf(one, source, code) : { ...known, count: known.count + one.count };
  }
  return {
    ...shapeOf(tokens),
    ...(source.truncated || tokens.tokens >= MAX_LEXEMES ? { truncated: true as const } : {}),
    signs,
  };
}

const shapeOf = ({ tokens, names, lines, longestLine, longLines }: TokenSigns) => ({
  tokens,
  names,
  lines,
  longestLine,
  longLines,
});

const SHOWN_CHARACTERS = 200;

function sightingOf({ count, at }: Met, source: SourceText, code: Code): Sighting {
  const isCode = "codeIndex" in at;
  const index = isCode ? at.codeIndex : at.sourceIndex;
  const around = (isCode ? code.text : source.text).slice(index, index + SHOWN_CHARACTERS);
  return {
    count,
    offsetBytes: source.offsetBytes(isCode ? code.sourceIndex(index) : index),
    text: visible(around),
  };
}

/** Nothing a screen would hide or obey. */
const visible = (text: string): string =>
  text
    .replaceAll(/[ \t]{9,200}/g, (spaces) => `⟨${spaces.length} spaces⟩`)
    .replaceAll(/[^\P{C}\n\t]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, (character) => {
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    })
    .slice(0, SHOWN_CHARACTERS);
