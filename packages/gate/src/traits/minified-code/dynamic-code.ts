/**
 * Code that is made while it runs, and modules whose names are. What templates and bundlers write with plain strings
 * (`Function("return this")`) is not counted.
 * @module
 */

import type { Budget } from "@sallyport/core";
import type { Code } from "../../source-code/code.ts";
import type { Met } from "./observe.ts";

/** Something that runs a text as code, and what stands behind its bracket. */
const RUNS =
  /\(0,eval\)\(|(?:async )?function\*?\(\)\{\}\)?\.constructor\)?\(|(?:[^\w$.]|^)(?:eval|(?:new )?Function|execScript)\(|\.(?:eval|runInThisContext|runInNewContext|runInContext|compileFunction|_compile|Function|constructor\.constructor)\(|new \w{0,20}\.?Script\(|(?:new [\w$.]{0,20}|\.)Worker\)?\(|getPrototypeOf\((?:async )?(?:function\*?\(\)\{\}|\(\)=>\{\})\)\.constructor[,(]|import\((?=["`]data:)/g;
const DECODES =
  /\batob\(|Buffer\.from\(|\bfromCharCode\b|\bunescape\(|decodeURIComponent\(|\bcreateDecipher|\b(?:inflate|gunzip|unzip|brotliDecompress)(?:Raw)?Sync\(|TextDecoder|"base64"|"hex"|\.charCodeAt\([^()]{0,40}\)\^|\.reverse\(\)\.join\(""\)|parseInt\([\w$.()]{1,60},(?:16|2|36)\)/;
const BUILDS_NAME = /(?:[^\w$.]|^)(?:require|import)\((?=[^)"'`])/g;
/** A name that a function only hands on: `require(name)`. */
const HANDED_ON = /^(?:[\w$]{1,60}(?:\.[\w$]{1,60}){0,4})\)/;

/** How far from the call its argument may be decoded. */
const REACH = 400;
const MOST_CALLS = 2000;
/** Strings of this length that are all base64 or digits hold more than a name or a key. */
const LONG_STRING = 1000;
const ENCODED = /^[A-Za-z0-9+/_-]{1000}$/;
/** Character codes in a row. */
const CODES = /\[(?:(?:0x[0-9a-f]{1,2}|\d{1,3}),){63}/i;

export function* findDynamicCode(code: Code, budget: Budget): Generator<Met> {
  const { text } = code;
  let calls = 0;
  for (const { 0: call, index } of text.matchAll(RUNS)) {
    budget.checkTime();
    const argument = text.slice(index + call.length, index + call.length + REACH);
    if (isPlain(argument) || isDeclaration(text, index, call)) continue;
    // A worker is a file, unless it is told to be code.
    if (call.includes("Worker") && !/[{,]eval:(?:true|!0)/.test(argument)) continue;
    calls += 1;
    if (calls > MOST_CALLS) break;
    const before = text.slice(Math.max(0, index - REACH), index);
    const at = { codeIndex: index };
    const own = ownArguments(argument);
    if (call.startsWith("import") || DECODES.test(own) || decodesName(before, own))
      yield { sign: "decode-then-run", count: 1, at };
    yield { sign: "run-code", count: 1, at };
  }
  yield* findTables(code);
  let names = 0;
  for (const { index, 0: found } of text.matchAll(BUILDS_NAME)) {
    names += 1;
    if (names > MOST_CALLS) break;
    const argument = text.slice(index + found.length, index + found.length + REACH);
    if (!HANDED_ON.test(argument) && DECODES.test(ownArguments(argument)))
      yield { sign: "built-module-name", count: 1, at: { codeIndex: index } };
  }
}

function* findTables({ text, strings }: Code): Generator<Met> {
  const long = strings.find(({ value }) => value.length >= LONG_STRING && isEncoded(value));
  const codes = CODES.exec(text);
  const index = long?.index ?? (codes !== null && text.includes("fromCharCode") ? codes.index : undefined);
  if (index !== undefined) yield { sign: "encoded-table", count: 1, at: { codeIndex: index } };
}

/** Encoded images and fonts begin with what their format begins with; programs as text do not. */
const isEncoded = (value: string): boolean =>
  ENCODED.test(value.slice(0, LONG_STRING)) &&
  !/^(?:iVBOR|R0lGOD|\/9j\/|AGFzbQ|d09G|AAEAAA|T1RUTw|UklGR|PHN2Zy)/.test(value);

/** Nothing but strings, or nothing at all. */
const isPlain = (argument: string): boolean =>
  /^(?:"[^"]*"|`[^`$]*`|,)*\)/.test(argument) || /^"[^"]*$/.test(argument);

/** `function eval(` and `Function(` in a declaration are no calls. */
const isDeclaration = (text: string, index: number, call: string): boolean =>
  /(?:function|class|async)\*?$/.test(
    text.slice(Math.max(0, index - 9), index + (/^\W/.test(call) ? 1 : 0)).trimEnd(),
  );

/** As far as the brackets of the call reach. */
function ownArguments(argument: string): string {
  let depth = 1;
  for (let at = 0; at < argument.length; at += 1) {
    const character = argument[at];
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
    if (depth === 0) return argument.slice(0, at);
  }
  return argument;
}

/** A name in the argument was given what something decoded, close by. */
function decodesName(before: string, argument: string): boolean {
  const names = new Set(argument.match(/[A-Za-z_$][\w$]{0,60}/g)?.slice(0, MOST_NAMES));
  return [...names].some((name) => {
    const place = before.lastIndexOf(`${name}=`);
    if (place < 0 || /[\w$.]/.test(before.charAt(place - 1))) return false;
    return DECODES.test(before.slice(place).split(";")[0] ?? "");
  });
}

const MOST_NAMES = 8;
