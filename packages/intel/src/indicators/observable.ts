/**
 * Values of indicators in the one form in which they are stored and looked up, whatever a source's hand wrote. A value that
 * would match ordinary files is refused: a short serial number, a domain without a dot, a text of three letters.
 * @module
 */

import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Observable, ObservableKind } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";
import { refang } from "./refang.ts";

const HEX_CHARACTERS = { md5: 32, sha1: 40, sha256: 64, "certificate-sha256": 64 } as const;
/** Of MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512. */
const DIGEST_CHARACTERS: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);
/** RFC 5280 §4.1.2.2 allows 20 octets; shorter than 4 they are counted up, and two authorities share them. */
const MAX_SERIAL_CHARACTERS = 40;
const MIN_SERIAL_CHARACTERS = 8;
const MIN_TEXT_CHARACTERS = 6;
const MAX_TEXT_CHARACTERS = 500;
const MAX_URL_CHARACTERS = 2000;

/**
 * @param written - as the source writes it, also defanged, with colons, in capitals
 * @throws FeedError `feed.malformed`, saying what is wrong with it
 */
export function observableOf(kind: ObservableKind, written: string): Observable {
  if (written.length > 16_000) return refuse("is too long for an indicator");
  return { kind, value: READERS[kind](written.trim(), kind) };
}

const READERS: Readonly<Record<ObservableKind, (written: string, kind: ObservableKind) => string>> = {
  sha256: readDigest,
  sha1: readDigest,
  md5: readDigest,
  "certificate-sha256": readDigest,
  "signed-content": readDigest,
  "certificate-serial": readSerial,
  domain: readDomain,
  url: readUrl,
  "ip-address": readAddress,
  text: readText,
};

function readDigest(written: string, kind: ObservableKind): string {
  const hex = written
    .replace(/^(?:sha-?256|sha-?1|md5):/i, "")
    .replaceAll(/[:\s-]/g, "")
    .toLowerCase();
  const expected = Object.entries(HEX_CHARACTERS).find(([name]) => name === kind)?.[1];
  const fits = expected === undefined ? DIGEST_CHARACTERS.has(hex.length) : hex.length === expected;
  if (!fits || !/^[0-9a-f]+$/.test(hex)) return refuse(`is no ${kind} digest in hexadecimal digits`);
  if (/^(.)\1*$/.test(hex)) return refuse("is one digit repeated, which no file has for a digest");
  if (EMPTY_FILE.has(hex)) return refuse("is the digest of an empty file");
  return hex;
}

/** They stand in feeds by mistake, and would match every empty file. */
const EMPTY_FILE: ReadonlySet<string> = new Set([
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]);

/** Hexadecimal, with or without separators; decimal where it can be nothing else. */
function readSerial(written: string): string {
  const isMarked = /^0x/i.test(written) || /[a-f:]/i.test(written);
  const digits = written
    .replace(/^0x/i, "")
    .replaceAll(/[:\s-]/g, "")
    .toLowerCase();
  if (!/^[0-9a-f]{1,64}$/.test(digits)) return refuse("is no serial number");
  const isDecimal = !isMarked && !/\s/.test(written) && !digits.startsWith("0");
  if (isDecimal && digits.length < 18)
    return refuse("may be decimal or hexadecimal: write it with colons, or 0x in front");
  const serial = (isDecimal ? BigInt(digits).toString(16) : digits).replace(/^0+/, "");
  if (serial.length < MIN_SERIAL_CHARACTERS)
    return refuse("is too short a serial number: certificates of other authorities have it too");
  if (serial.length > MAX_SERIAL_CHARACTERS) return refuse("is longer than any serial number");
  return serial;
}

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** `co.uk`, `com.br`: every name of a country would match. */
const REGISTRY = /^(?:ac|co|com|edu|gob|gov|go|mil|ne|net|or|org)\.[a-z]{2}$/;

function readDomain(written: string): string {
  const plain = refang(written)
    .replace(/^[a-z]{2,10}:\/\//i, "")
    .replace(/^\*\.|\.+$/g, "")
    .toLowerCase();
  if (isIP(plain) !== 0) return refuse("is an address, not a domain");
  const name = /^[\x21-\x7e]*$/.test(plain) ? plain : domainToASCII(plain);
  const labels = name.split(".");
  const top = labels.at(-1) ?? "";
  if (name.length > 253 || labels.length < 2 || !labels.every((label) => LABEL.test(label)))
    return refuse("is no domain name");
  if (REGISTRY.test(name)) return refuse("is a registry, under which anybody has a name");
  return /^(?:xn--[a-z0-9-]+|[a-z]{2,63})$/.test(top) ? name : refuse("is no domain name");
}

function readUrl(written: string): string {
  const plain = refang(written);
  const whole = /^[a-z][a-z0-9+.-]{1,15}:\/\//i.test(plain) ? plain : `http://${plain}`;
  const url = URL.parse(whole);
  if (url === null || !/^(?:https?|ftps?):$/.test(url.protocol) || url.href.length > MAX_URL_CHARACTERS)
    return refuse("is no web address");
  if (url.hostname === "" || (!url.hostname.includes(".") && !url.hostname.startsWith("[")))
    return refuse("names no host");
  url.hash = "";
  [url.username, url.password] = ["", ""];
  return url.href;
}

function readAddress(written: string): string {
  const plain = refang(written).replace(/\/(?:32|128)$/, "");
  const version = isIP(plain);
  if (version === 4) return plain;
  // The URL standard writes every IPv6 address in the one way of RFC 5952.
  const host = version === 6 ? URL.parse(`http://[${plain}]/`)?.hostname : undefined;
  return host === undefined ? refuse("is no IP address") : host.slice(1, -1);
}

function readText(written: string): string {
  if (written.length < MIN_TEXT_CHARACTERS) return refuse("is too short a text: ordinary files hold it");
  if (written.length > MAX_TEXT_CHARACTERS) return refuse(`is longer than ${MAX_TEXT_CHARACTERS} characters`);
  if (/^(.)\1*$/s.test(written)) return refuse("is one character repeated");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u0008\u000b-\u001f]/.test(written) ? refuse("holds control characters") : written;
}

const refuse = (because: string): never => {
  throw new FeedError("feed.malformed", because);
};
