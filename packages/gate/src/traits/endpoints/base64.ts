/** Base64 around a place in which an address was recognised. Source: RFC 4648 §4, §5. @module */

import { isInComment } from "./comment.ts";

/** Letters that are decoded around the place: a multiple of four before it. */
const LETTERS_BEFORE = 512;
const LETTERS_BEHIND = 1024;
/** A certificate is not longer. */
const CERTIFICATE_BYTES = 8 * 1024;
const MOST_CHARACTERS = 420;
/** How a `data:` URL begins. */
const EMBEDDED = /;base64,$/;
const PEM_BEGIN = "-----BEGIN ";

export interface Decoded {
  /** From the scheme of the address on. */
  readonly text: string;
  /** It stands in a `data:` URL, or what it decodes to is no text. */
  readonly isEmbedded: boolean;
  /** What it decodes to is a text in which the address stands for people. */
  readonly isForPeople: boolean;
}

/** @param index - of letters that an address decodes from, wherever it begins in a group of four */
export function decodeBase64(bytes: Buffer, index: number): Decoded | undefined {
  const run = runAround(bytes, index);
  const start = Math.max(run.start, index - LETTERS_BEFORE);
  const end = Math.min(run.end, index + LETTERS_BEHIND);
  // Letters of something else may stand right before, and the run may be cut: each of the four beginnings is tried.
  for (const shift of [0, 1, 2, 3]) {
    const decoded = Buffer.from(bytes.toString("latin1", start + shift, end), "base64");
    const near = Math.max(0, Math.floor(((index - start - shift) * 3) / 4) - 2);
    const found = addressIn(decoded, near);
    if (found !== undefined)
      return {
        text: found.text,
        isEmbedded: run.isCarried || !isText(decoded, found.at),
        isForPeople: isInComment(decoded, found.at),
      };
  }
  return undefined;
}

interface Run {
  readonly start: number;
  readonly end: number;
  /** Behind the beginning of a `data:` URL, or in a certificate. */
  readonly isCarried: boolean;
}

/** The last one of each piece: a long run holds many addresses. */
const lastRun = new WeakMap<Buffer, Run>();

function runAround(bytes: Buffer, index: number): Run {
  const last = lastRun.get(bytes);
  if (last !== undefined && last.start <= index && index < last.end) return last;
  let start = index;
  while (start > 0 && isLetter(bytes[start - 1] ?? 0)) start -= 1;
  let end = index;
  while (end < bytes.length && isLetter(bytes[end] ?? 0)) end += 1;
  const before = bytes.toString("latin1", Math.max(0, start - CERTIFICATE_BYTES), start);
  const run = { start, end, isCarried: EMBEDDED.test(before.slice(-16)) || isCertificate(before) };
  lastRun.set(bytes, run);
  return run;
}

/** An open PEM block in which DER begins: `MI` is a sequence of more than 127 bytes. */
function isCertificate(before: string): boolean {
  const begin = before.lastIndexOf(PEM_BEGIN);
  if (begin < 0 || before.indexOf("-----END", begin) >= 0) return false;
  return /^-----BEGIN [A-Z0-9 ]{1,40}-----[^A-Za-z0-9+/]{1,12}n?MI/.test(before.slice(begin, begin + 80));
}

const isLetter = (code: number): boolean =>
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x2f && code <= 0x39) ||
  code === 0x2b ||
  code === 0x2d ||
  code === 0x5f;

function addressIn(
  decoded: Buffer,
  near: number,
): { readonly text: string; readonly at: number } | undefined {
  const narrow = decoded.toString("latin1", near, near + MOST_CHARACTERS);
  const at = narrow.search(/https?:\/\//);
  if (at >= 0 && at < 8) return { text: printable(narrow.slice(at)), at: near + at };
  const wide = decoded.toString("latin1", near, near + 2 * MOST_CHARACTERS);
  const wideAt = wide.search(/h\0t\0t\0p\0(?:s\0)?:\0\/\0\/\0/);
  if (wideAt < 0 || wideAt >= 8) return undefined;
  return { text: printable(wide.slice(wideAt).replaceAll("\0", "")), at: near + wideAt };
}

const printable = (text: string): string => /^[\x20-\x7e]*/.exec(text)?.[0] ?? "";

/** What stands around the address reads as text, in one byte or two for each character, but for the cut ends. */
function isText(decoded: Buffer, at: number): boolean {
  const around = decoded.subarray(Math.max(0, at - 128), at + 256);
  const isOdd = (code: number): boolean =>
    !(code === 0 || code === 9 || code === 10 || code === 13 || (code >= 0x20 && code < 0x7f));
  return around.subarray(3, -3).filter(isOdd).length === 0;
}
