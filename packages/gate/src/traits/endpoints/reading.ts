/** From a place where an address is marked to the characters of the address, whatever hides them. @module */

import type { Sighting } from "../../byte-search/needle.ts";
import type { Piece } from "../sweep.ts";
import { knownHost } from "./address.ts";
import { decodeBase64 } from "./base64.ts";

/**
 * How the address stands there. `embedded` is base64 of something larger that a text carries along, as pictures and fonts are:
 * nobody hides an address that way. `certificate` is a name in DER, for what a certificate's issuer publishes.
 */
export type Writing =
  | "plain"
  | "certificate"
  | "utf-16"
  | "xor"
  | "reversed"
  | "rot13"
  | "base64"
  | "embedded"
  | "hex"
  | "numbers";

export interface Marked {
  readonly writing: Writing;
  readonly scheme: string;
  /** What follows `://`; for a host that stands alone, the host and what follows it. */
  readonly text: string;
  readonly offsetBytes: number;
  readonly key?: number;
  /** What it decodes to tells it to people. */
  readonly isComment?: true;
}

const MOST_CHARACTERS = 420;
const DELIMITERS = new Set([0, 0x22, 0x27, 0x60]);

/** @returns undefined when the mark turns out to belong to something else */
export function readSighting({ name, index, key }: Sighting, piece: Piece): Marked | undefined {
  const offsetBytes = piece.offsetBytes + index;
  const marked = (writing: Writing, url: string | undefined): Marked | undefined => {
    const parts = url === undefined ? null : /^([a-z][a-z0-9+]{0,9}):\/\//.exec(url);
    if (url === undefined || parts === null) return undefined;
    const text = url.slice(parts[0].length);
    return { writing, scheme: parts[1] ?? "", text, offsetBytes, ...(key === 0 ? {} : { key }) };
  };
  const { bytes } = piece;
  switch (name) {
    case "url":
      return inTheClear(bytes, index, marked);
    case "wide url":
      return marked("utf-16", schemeBefore(bytes, index, 2) + forwards(bytes, index, { width: 2, key }));
    case "keyed":
    case "wide keyed":
      return marked("xor", forwards(bytes, index, { width: name === "keyed" ? 1 : 2, key }));
    case "reversed":
    case "wide reversed":
      return marked("reversed", backwards(bytes, index, { width: name === "reversed" ? 1 : 2, key }));
    case "rot13":
      return marked("rot13", rot13(forwards(bytes, index, { width: 1, key })));
    case "base64": {
      const found = decodeBase64(bytes, index);
      const address = found && marked(found.isEmbedded ? "embedded" : "base64", found.text);
      return address && found.isForPeople ? { ...address, isComment: true } : address;
    }
    case "hex":
      return marked("hex", fromPairs(latin(bytes, index), /^[0-9a-fA-F]{14,}/, /../g));
    case "escapes":
      return marked("hex", fromPairs(latin(bytes, index), /^(?:\\x[0-9a-fA-F]{2})+/, /[0-9a-fA-F]{2}/g));
    case "numbers":
    case "hex numbers":
      return marked("numbers", fromNumbers(latin(bytes, index)));
    default:
      return standsAlone(name === "wide host" ? 2 : 1, index, piece);
  }
}

function inTheClear(
  bytes: Buffer,
  index: number,
  marked: (writing: Writing, url: string) => Marked | undefined,
): Marked | undefined {
  const before = schemeBefore(bytes, index, 1);
  const url = before + forwards(bytes, index, { width: 1, key: 0 });
  const name = derName(bytes, index - before.length, url);
  return name === undefined ? marked("plain", url) : marked("certificate", name);
}

/** What revocation lists, issuers and statements of practice are called. */
const PUBLISHED = /\.(?:crl|crt|cer|p7[bc])$|ocsp|\bcps\b|\brpa\b|legal|repository|\bpki|policy/i;
/** Context tag 6 of a GeneralName, IA5String, UTF8String, PrintableString: RFC 5280 §4.2.1. */
const DER_TEXTS = new Set([0x86, 0x16, 0x0c, 0x13]);

/** A text in DER has its length in front. */
function derName(bytes: Buffer, start: number, url: string): string | undefined {
  const length = bytes[start - 1] ?? 0;
  if (length < 10 || length > 127 || length > url.length || !DER_TEXTS.has(bytes[start - 2] ?? 0))
    return undefined;
  const name = url.slice(0, length);
  return PUBLISHED.test(name) ? name : undefined;
}

interface Reading {
  readonly width: 1 | 2;
  readonly key: number;
}

function forwards(bytes: Buffer, index: number, { width, key }: Reading): string {
  const end = Math.min(bytes.length, index + MOST_CHARACTERS * width);
  let text = "";
  for (let at = index; at < end; at += width) {
    const code = (bytes[at] ?? 0) ^ key;
    if (code < 0x20 || code > 0x7e || (width === 2 && ((bytes[at + 1] ?? 0) ^ key) !== 0)) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** Up to and with the reversed scheme that begins at `index`. */
function backwards(bytes: Buffer, index: number, { width, key }: Reading): string {
  const scheme = forwards(bytes, index, { width, key });
  const ends = /^\/\/:s?ptth/.exec(scheme)?.[0] ?? "";
  let text = [...ends].reverse().join("");
  for (let at = index - width; at >= 0 && text.length < MOST_CHARACTERS; at -= width) {
    const code = (bytes[at] ?? 0) ^ key;
    if (code <= 0x20 || code > 0x7e || (width === 2 && ((bytes[at + 1] ?? 0) ^ key) !== 0)) break;
    text += String.fromCharCode(code);
  }
  return text;
}

/** The letters of a scheme before its last one, which stands at `index`. */
function schemeBefore(bytes: Buffer, index: number, width: 1 | 2): string {
  let scheme = "";
  for (let at = index - width; at >= 0 && scheme.length < 9; at -= width) {
    const code = bytes[at] ?? 0;
    const isLetter = (code >= 0x61 && code <= 0x7a) || code === 0x2b;
    if (!isLetter || (width === 2 && bytes[at + 1] !== 0)) break;
    scheme = String.fromCharCode(code) + scheme;
  }
  return endingScheme(scheme, String.fromCharCode(bytes[index] ?? 0));
}

/** In texts without gaps other letters stand before a scheme: `svghttps`. */
const KNOWN_SCHEMES = [
  "https",
  "http",
  "ftps",
  "sftp",
  "ftp",
  "wss",
  "ws",
  "tcp",
  "udp",
  "ssh",
  "irc",
  "mqtts",
  "mqtt",
];

function endingScheme(before: string, last: string): string {
  const whole = before + last;
  const known = KNOWN_SCHEMES.find((scheme) => whole.endsWith(scheme));
  return known === undefined ? before : known.slice(0, -1);
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

const latin = (bytes: Buffer, index: number): string =>
  bytes.toString("latin1", index, index + 4 * MOST_CHARACTERS);

function fromPairs(text: string, run: RegExp, pair: RegExp): string | undefined {
  const pairs = run.exec(text)?.[0].match(pair)?.slice(0, MOST_CHARACTERS);
  return pairs === undefined ? undefined : textOf(pairs.map((digits) => Number.parseInt(digits, 16)));
}

function fromNumbers(text: string): string | undefined {
  const numbers = /^(?:0x)?[0-9a-f]{1,3}(?:, ?(?:0x)?[0-9a-f]{1,3})*/.exec(text)?.[0].split(",");
  return numbers === undefined ? undefined : textOf(numbers.map((number) => Number(number.trim())));
}

/** The printable beginning. */
function textOf(codes: readonly number[]): string {
  const end = codes.findIndex((code) => !(code >= 0x20 && code <= 0x7e));
  return String.fromCharCode(...(end < 0 ? codes : codes.slice(0, end)));
}

/** A host that is a string of its own: quoted, or between zeros. Upper case is a name of code, not of a host. */
function standsAlone(width: 1 | 2, index: number, { bytes, offsetBytes }: Piece): Marked | undefined {
  let start = index;
  while (start >= width && index - start < 128 * width && isHostByte(bytes, start - width, width))
    start -= width;
  const isOpen = width === 2 || start === 0 || DELIMITERS.has(bytes[start - 1] ?? 0);
  if (!isOpen) return undefined;
  // `.host` is the end of a name of which the rest is put together.
  if (bytes[start] === 0x2e) start += width;
  const text = forwards(bytes, start, { width, key: 0 });
  const host = /^[a-z0-9.-]+/.exec(text)?.[0] ?? "";
  const rest = text.slice(host.length);
  const after = start + text.length * width;
  const isClosed =
    rest === ""
      ? width === 2 || after >= bytes.length || DELIMITERS.has(bytes[after] ?? 0)
      : /^(?:["'`]|:\d)/.test(rest);
  if (!isClosed || knownHost(host) !== host) return undefined;
  const port = /^:\d{1,5}/.exec(rest)?.[0] ?? "";
  const writing = width === 2 ? "utf-16" : "plain";
  return { writing, scheme: "", text: host + port, offsetBytes: offsetBytes + start };
}

function isHostByte(bytes: Buffer, at: number, width: 1 | 2): boolean {
  const code = bytes[at] ?? 0;
  const isHost =
    (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e;
  return isHost && (width === 1 || bytes[at + 1] === 0);
}
