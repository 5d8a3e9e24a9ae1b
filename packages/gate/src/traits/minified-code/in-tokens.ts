/** Signs that tokens show: names, escapes, gaps between tokens, and how long the lines are. @module */

import type { Budget } from "@sallyport/core";
import { lexemesOf } from "../../source-code/lexemes.ts";
import type { Met } from "./observe.ts";
import type { SignId } from "./signs.ts";

export interface TokenSigns {
  readonly tokens: number;
  readonly names: number;
  readonly lines: number;
  readonly longestLine: number;
  readonly longLines: number;
  readonly met: readonly Met[];
}

/** Names as obfuscators give them: `_0x4a1f`, `IlIIlI1l`, `O0O00O`. */
const OBFUSCATED_NAME = /^(?:_0x[0-9a-f]{3,16}|[Il1|]{7,40}|[O0Q]{6,40}|_{0,4}\$?_0x[0-9a-f]{3,16})$/;

/** Four escapes of letters or digits in a row. */
const ESCAPED = String.raw`\\(?:x|u00)(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])`;
const ESCAPED_LETTERS = new RegExp(`(?:${ESCAPED}){4}`);

/** Wider than every screen; formatters and type strippers leave less. */
const ASIDE_SPACES = 250;
const ASIDE = new RegExp(`[^\\s][ \\t]{${ASIDE_SPACES},5000}$`);
/** Code that follows, at least. */
const ASIDE_CODE = 40;

const LONG_LINE = 1000;
/** Names on a long line that make it code rather than a table. */
const LONG_LINE_NAMES = 60;

/** So many brackets and signs in a row spell something. */
const BARE_RUN = 200;
/** `!+` and `!!` come as tokens of their own. */
const BARE: ReadonlySet<string> = new Set(["[", "]", "(", ")", "!", "+", ";"]);

export function findInTokens(text: string, budget: Budget): TokenSigns {
  const first = new Map<SignId, { count: number; index: number }>();
  const meet = (sign: SignId, index: number): void => {
    const known = first.get(sign);
    if (known === undefined) first.set(sign, { count: 1, index });
    else known.count += 1;
  };
  const lines = new Lines(text);
  let tokens = 0;
  let names = 0;
  let bare = 0;
  let end = 0;
  for (const { kind, value, start, end: next } of lexemesOf(text, budget)) {
    tokens += 1;
    bare = kind === "mark" && BARE.has(value) ? bare + 1 : 0;
    if (bare === BARE_RUN) meet("few-characters", start);
    if (kind === "name") {
      names += 1;
      lines.countName(start);
      if (value.length >= 5 && OBFUSCATED_NAME.test(value)) meet("hexadecimal-names", start);
    } else if (kind === "string" && next - start > value.length + 13) {
      if (ESCAPED_LETTERS.test(text.slice(start, Math.min(next, start + 4096))))
        meet("escaped-letters", start);
    }
    if (start - end > ASIDE_SPACES && ASIDE.test(text.slice(Math.max(0, start - 5001), start))) {
      const rest = text.indexOf("\n", start);
      if ((rest < 0 ? text.length : rest) - start >= ASIDE_CODE) meet("pushed-aside", start);
    }
    end = next;
  }
  const met = [...first].map(([sign, { count, index }]) => ({ sign, count, at: { sourceIndex: index } }));
  return { tokens, names, ...lines.finish(), met };
}

/** Follows the lines while names come by, from front to back. */
class Lines {
  readonly #text: string;
  #end = -1;
  #start = 0;
  #names = 0;
  #lines = 0;
  #longest = 0;
  #long = 0;

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  countName(index: number): void {
    while (index > this.#end) this.#next();
    this.#names += 1;
  }

  finish(): { readonly lines: number; readonly longestLine: number; readonly longLines: number } {
    while (this.#end < this.#text.length) this.#next();
    this.#close();
    return { lines: this.#lines, longestLine: this.#longest, longLines: this.#long };
  }

  #close(): void {
    const length = this.#end - this.#start;
    if (length > this.#longest) this.#longest = length;
    if (length >= LONG_LINE && this.#names >= LONG_LINE_NAMES) this.#long += 1;
    this.#names = 0;
  }

  #next(): void {
    if (this.#lines > 0) this.#close();
    this.#lines += 1;
    this.#start = this.#end + 1;
    const end = this.#text.indexOf("\n", this.#start);
    this.#end = end < 0 ? this.#text.length : end;
  }
}
