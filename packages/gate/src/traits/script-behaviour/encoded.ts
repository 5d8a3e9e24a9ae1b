/**
 * Scripts that are kept as base64 or hexadecimal digits inside of a script. Pictures, fonts and keys are encoded, too;
 * a program that names how it starts others is not.
 * @module
 */

import type { Budget } from "@sallyport/core";
import type { Code } from "../../source-code/code.ts";

/** Shorter ones are names. */
const SHORTEST = 40;
/** Of each string; what a script does is said in its beginning or its end. */
const LOOKED_AT = 64 * 1024;
/** Of all strings of a member. */
const MOST_DECODED_BYTES = 4 * 1024 * 1024;

const BASE64_START = /^[A-Za-z0-9+/_-]{40}/;
const HEXADECIMAL_START = /^(?:[0-9a-fA-F]{2}){20}/;

/** Workers that bundlers keep as text ask for `fs`, and evaluate: neither is asked for. */
const STARTS_PROGRAMS =
  /\bchild_process\b|\brequire\(["'](?:node:)?(?:https?|net|dgram)["']\)|\bpowershell(?:\.exe)?\b|\/bin\/(?:ba)?sh\b|\bsubprocess\b|\bos\.(?:system|popen)\(|\b(?:curl|wget) [^\n]{0,20}https?:|\binvoke-(?:expression|webrequest)\b|\bimport (?:os|socket|subprocess|urllib)\b|\bwscript\.shell\b/i;

export interface EncodedScripts {
  readonly places: readonly number[];
  /** The beginning of the first, decoded. */
  readonly text: string;
}

export function findEncodedScripts({ strings }: Code, budget: Budget): EncodedScripts | undefined {
  const places: number[] = [];
  let text: string | undefined;
  let decodedBytes = 0;
  for (const { value, index } of strings) {
    if (value.length < SHORTEST || decodedBytes > MOST_DECODED_BYTES) continue;
    const script = decode(encodedPart(value));
    if (script === undefined) continue;
    budget.checkTime();
    decodedBytes += script.length;
    const found = STARTS_PROGRAMS.exec(script);
    if (found === null) continue;
    places.push(index);
    text ??= script.slice(Math.max(0, found.index - 80), found.index + 160);
  }
  return text === undefined ? undefined : { places, text: text.trim() };
}

/** A command may hold the encoded text between its words. */
function encodedPart(value: string): string {
  if (!value.includes(" ") && !value.includes("\n")) return value;
  return ENCODED_WORD.exec(value)?.[0] ?? "";
}

const ENCODED_WORD = /[A-Za-z0-9+/]{60,}={0,2}/;

function decode(value: string): string | undefined {
  const head = value.length <= LOOKED_AT ? value : value.slice(0, LOOKED_AT);
  const encoding = HEXADECIMAL_START.test(head) ? "hex" : BASE64_START.test(head) ? "base64" : undefined;
  if (encoding === undefined) return undefined;
  const bytes = Buffer.from(head, encoding);
  // What PowerShell encodes is UTF-16.
  const isWide = bytes.length > 8 && bytes[1] === 0 && bytes[3] === 0;
  const text = bytes.toString(isWide ? "utf16le" : "latin1");
  return isPrintable(text.slice(0, 200)) ? text : undefined;
}

const isPrintable = (text: string): boolean => /^[\t\n\r\x20-\x7e]+$/.test(text);
