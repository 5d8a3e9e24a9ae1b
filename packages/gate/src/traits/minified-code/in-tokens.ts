/** Signs that tokens show: names, escapes, gaps between tokens, and how long the lines are. @module */

import type { Lexeme } from "../../source-code/lexemes.ts";
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
const OBFUSCATED_NAME =
  /^(?:_0x[0-9a-f]{3,16}|[Il1|]{7,40}|[O0Q]{6,40}|_{0,4}\$?_0x[0-9a-f]{3,16}|_\$_[0-9a-f]{3,8})$/;

/** Four escapes of letters or digits in a row. */
const ESCAPED = String.raw`\\(?:x|u00)(?:3[0-9]|[46][1-9a-fA-F]|[57][0-9aA])`;
/** Of a string. */
const ESCAPED_CHARACTERS = 4096;
const ESCAPED_LETTERS = new RegExp(`(?:${ESCAPED}){4}`);

/** Wider than every screen; formatters and type strippers leave less. */
const ASIDE_SPACES = 250;
/** Code that follows, at least. */
const ASIDE_CODE = 40;

const LONG_LINE = 1000;
/** Names on a long line that make it code rather than a table. */
const LONG_LINE_NAMES = 60;

/** So many brackets and signs in a row spell something. */
const BARE_RUN = 200;
/** `!+` and `!!` come as tokens of their own. */
const BARE: ReadonlySet<string> = new Set(["[", "]", "(", ")", "!", "+", ";"]);

/** Looks at the tokens while they come by. */
export class TokenWatch {
  readonly #text: string;
  readonly #lines: Lines;
  readonly #first = new Map<SignId, { count: number; readonly index: number }>();
  #tokens = 0;
  #names = 0;
  #bare = 0;
  #end = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new Lines(text);
  }

  /** @param lexeme - the next one */
  visit({ kind, value, start, end }: Lexeme): void {
    const text = this.#text;
    this.#tokens += 1;
    this.#bare = kind === "mark" && BARE.has(value) ? this.#bare + 1 : 0;
    if (this.#bare === BARE_RUN) this.#meet("few-characters", start);
    if (kind === "name") {
      this.#names += 1;
      this.#lines.countName(start);
      if (value.length >= 5 && OBFUSCATED_NAME.test(value)) this.#meet("hexadecimal-names", start);
    } else if (kind === "string" && end - start > value.length + 13) {
      if (ESCAPED_LETTERS.test(text.slice(start, Math.min(end, start + ESCAPED_CHARACTERS))))
        this.#meet("escaped-letters", start);
    }
    if (start - this.#end > ASIDE_SPACES && this.#isAside(start)) this.#meet("pushed-aside", start);
    this.#end = end;
  }

  finish(): TokenSigns {
    const met = [...this.#first].map(([sign, { count, index }]) => ({
      sign,
      count,
      at: { sourceIndex: index },
    }));
    return { tokens: this.#tokens, names: this.#names, ...this.#lines.finish(), met };
  }

  #meet(sign: SignId, index: number): void {
    const known = this.#first.get(sign);
    if (known === undefined) this.#first.set(sign, { count: 1, index });
    else known.count += 1;
  }

  /** Behind something on its line, and behind a row of spaces. */
  #isAside(start: number): boolean {
    let at = start;
    while (at > this.#end && isSpace(this.#text.charCodeAt(at - 1))) at -= 1;
    const before = this.#text.charCodeAt(at - 1);
    if (start - at < ASIDE_SPACES || at === 0 || before === LINE_FEED || before === CARRIAGE_RETURN)
      return false;
    const rest = this.#text.indexOf("\n", start);
    return (rest < 0 ? this.#text.length : rest) - start >= ASIDE_CODE;
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** White space that does not end a line. Source: ECMA-262 §12.2. */
const isSpace = (character: number): boolean =>
  character === 0x20 ||
  character === 0x09 ||
  (character >= 0x80 &&
    /\s/.test(String.fromCharCode(character)) &&
    character !== 0x2028 &&
    character !== 0x2029);

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
