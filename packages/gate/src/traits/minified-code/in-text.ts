/** Signs that the text shows, once strings are put together: what was spelled so that a search does not find it. @module */

import type { Code } from "../../source-code/code.ts";
import type { Met } from "./observe.ts";
import { DANGEROUS_NAMES } from "./signs.ts";

/** Variation selectors, tags, zero-width and filler characters: in a row, they carry something. */
const INVISIBLE = /(?:[\ufe00-\ufe0f\u200b-\u200d\u2060-\u2064\u3164\uffa0\ufeff]|\udb40[\udc00-\uddef]){16}/;

/** `x.push(x.shift())`, near sums of `parseInt`. */
const TURN = /([\w$]{1,40})\.push\(\1\.shift\(\)\)/g;
const TURN_REACH = 1200;
const STEPS = /"\d{1,2}(?:\|\d{1,2}){3,80}"\.split\("\|"\)/;

/** `a[b(0x1f)]`, `t[e(n[4])]`, `r(e("2e2f74657374"))`: a name that a function looks up. */
const LOOKED_UP =
  /(?<=[\w$)\]])\[(?!(?:String|Symbol|Number|BigInt)\()[\w$]{1,20}\((?:0x[0-9a-f]{1,6}|\d{1,5}|"(?:[0-9a-f]{4,80}|0x[0-9a-f]{1,6}|[A-Za-z0-9+/]{2,78}={1,2})"|[\w$]{1,20}\[(?:\d{1,4}|0x[0-9a-f]{1,4})\])(?:,"[^"]{0,20}")?\)\]/g;
/** Eight and more codes of printable characters. */
const CODE = "(?:3[2-9]|[4-9]\\d|1[01]\\d|12[0-6])";
const SPELLED = new RegExp(
  `\\bfromCharCode\\((?:${CODE},){7}|\\[(?:${CODE},){7,400}${CODE}\\]\\.map\\([^\\n]{0,80}fromCharCode`,
);
const HANDED_ON = /\bglobal(?:This)?\[[^\]\n]{1,40}\]=(?:require|module)\b/;

const MOST_LOOKED_UP = 1000;

/** Looks at so many turns; one is enough. */
const MOST_TURNS = 100;

export function* findInText(text: string, code: Code): Generator<Met> {
  const invisible = INVISIBLE.exec(text);
  if (invisible !== null)
    yield { sign: "invisible-characters", count: 1, at: { sourceIndex: invisible.index } };
  const steps = code.text.includes('.split("|")') ? STEPS.exec(code.text) : null;
  if (steps !== null) yield { sign: "flattened-control", count: 1, at: { codeIndex: steps.index } };
  const turned = findTurn(code.text);
  if (turned !== undefined) yield { sign: "rotated-table", count: 1, at: { codeIndex: turned } };
  const spelled = code.text.includes("fromCharCode") ? SPELLED.exec(code.text) : null;
  if (spelled !== null) yield { sign: "spelled-by-codes", count: 1, at: { codeIndex: spelled.index } };
  const handedOn = HANDED_ON.exec(code.text);
  if (handedOn !== null) yield { sign: "hidden-require", count: 1, at: { codeIndex: handedOn.index } };
  let lookedUp = 0;
  for (const { index } of code.text.matchAll(LOOKED_UP)) {
    yield { sign: "decoded-calls", count: 1, at: { codeIndex: index } };
    lookedUp += 1;
    if (lookedUp >= MOST_LOOKED_UP) break;
  }
  for (const name of DANGEROUS_NAMES) {
    const place = code.text.indexOf(name);
    if (place < 0 || text.includes(name) || isSpelledByMembers(text, name)) continue;
    yield { sign: "spelled-in-pieces", count: 1, at: { codeIndex: place } };
  }
  const joined = findJoined(code.text);
  if (joined !== undefined) yield { sign: "spelled-in-pieces", count: 1, at: { codeIndex: joined } };
  yield* findEncodedNames(code);
}

/** `["child", "process"].join("_")`. */
const JOINED = /\[((?:"[^"]{0,40}",){1,40}"[^"]{0,40}")\](\.reverse\(\))?\.join\("([^"]{0,4})"\)/g;
const MOST_JOINED = 2000;

function findJoined(code: string): number | undefined {
  if (!code.includes('.join("')) return undefined;
  let looks = 0;
  for (const { 1: list = "", 2: reversed, 3: glue = "", index } of code.matchAll(JOINED)) {
    const parts = list.slice(1, -1).split('","');
    const whole = (reversed === undefined ? parts : parts.reverse()).join(glue);
    if (DANGEROUS_NAMES.some((name) => whole.includes(name) && !parts.some((part) => part.includes(name))))
      return index;
    looks += 1;
    if (looks >= MOST_JOINED) return undefined;
  }
  return undefined;
}

function findTurn(code: string): number | undefined {
  if (!code.includes(".shift())")) return undefined;
  let looks = 0;
  for (const { index } of code.matchAll(TURN)) {
    const around = code.slice(Math.max(0, index - TURN_REACH), index + TURN_REACH);
    if (around.split("parseInt(").length > 3) return index;
    looks += 1;
    if (looks >= MOST_TURNS) return undefined;
  }
  return undefined;
}

/** `process . env` and `process["env"]` are spellings of one formatter or another. */
function isSpelledByMembers(text: string, name: string): boolean {
  const parts = name.split(".");
  return parts.length > 1 && parts.every((part) => text.includes(part));
}

/** A string of these is looked at as base64 and as hexadecimal digits. */
const BASE64 = /^[A-Za-z0-9+/_-]{12,}={0,2}$/;
/** What a name can be hidden in; longer strings are searched by {@link DANGEROUS_NAMES} in their three alignments. */
const SHORT_STRING = 4096;

const REVERSED = DANGEROUS_NAMES.filter((name) => /^[a-z_]{9,}$/i.test(name)).map((name) =>
  [...name].reverse().join(""),
);

function* findEncodedNames({ text, strings }: Code): Generator<Met> {
  for (const reversed of REVERSED) {
    const place = text.indexOf(reversed);
    if (place >= 0) yield { sign: "encoded-names", count: 1, at: { codeIndex: place } };
  }
  for (const { value, index } of strings) {
    if (value.length > SHORT_STRING || !BASE64.test(value)) continue;
    const isHexadecimal = value.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(value);
    const decoded = Buffer.from(value, isHexadecimal ? "hex" : "base64").toString("latin1");
    if (DANGEROUS_NAMES.some((name) => decoded.includes(name)))
      yield { sign: "encoded-names", count: 1, at: { codeIndex: index } };
  }
}
