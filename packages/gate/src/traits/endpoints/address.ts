/** Addresses as they stand in bytes: URLs, hosts and IPv4 addresses. Source: RFC 3986 §3; RFC 1123 §2.1; RFC 6890. @module */

import { beginsWithTopLevelDomain, isTopLevelDomain } from "./top-level-domains.ts";

export interface Address {
  /** Lower-case; an IPv4 address as it stands. */
  readonly host: string;
  readonly port?: number;
  /** With query and fragment, from the first `/` on; empty when there is none. */
  readonly path: string;
  /** `https`; empty for a host that stands alone. */
  readonly scheme: string;
}

const MOST_HOST_CHARACTERS = 253;
const MOST_PATH_CHARACTERS = 160;

const isHostCode = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  code === 0x2d ||
  code === 0x2e ||
  (code >= 0x41 && code <= 0x5a);
/** RFC 3986 without quotes, brackets and what ends a sentence in markup. */
const isPathCode = (code: number): boolean =>
  code > 0x20 && code < 0x7f && !"\"'<>\\^`{|}()[]*,;".includes(String.fromCharCode(code));

/**
 * Reads what follows `://`.
 * @param text - decoded characters that begin with the authority
 * @returns undefined when no host that exists outside could be meant: templates, one label, unknown endings
 */
export function readAuthority(scheme: string, text: string): Address | undefined {
  const start = skipFront(text);
  let end = start;
  while (end < text.length && end - start <= MOST_HOST_CHARACTERS && isHostCode(text.charCodeAt(end)))
    end += 1;
  const written = text.slice(start, end).toLowerCase().replace(/\.+$/, "");
  const host = knownHost(written);
  if (host === undefined) return undefined;
  if (host.length < written.length) return { scheme, host, path: "" };
  const port = /^:(\d{1,5})(?!\d)/.exec(text.slice(end, end + 7));
  const afterPort = end + (port?.[0].length ?? 0);
  return {
    scheme,
    host,
    path: readPath(text, afterPort),
    ...(port === null ? {} : { port: Number(port[1]) }),
  };
}

/** What a program fills in below a host that stands there: `${name}.`, `%s.`, `{0}.` */
const TEMPLATE = /^(?:\$\{[^}]{1,60}\}|%[sdv@]|\{[^{}]{0,40}\}|\*)\./;

/** A template, or `user:password@`, of which nothing is kept. */
function skipFront(text: string): number {
  const head = text.slice(0, 128);
  const template = TEMPLATE.exec(head);
  if (template !== null) return template[0].length;
  const at = head.indexOf("@");
  return at > 0 && /^[\w.~%!$&'*+=:-]+$/.test(head.slice(0, at)) ? at + 1 : 0;
}

function readPath(text: string, start: number): string {
  if (!"/?#".includes(text.charAt(start) || " ")) return "";
  let end = start;
  while (end < text.length && end - start < MOST_PATH_CHARACTERS && isPathCode(text.charCodeAt(end)))
    end += 1;
  return text.slice(start, end).replace(/[.:!]+$/, "");
}

/**
 * @param written - lower-case letters, digits, dots and hyphens
 * @returns the host; shorter than `written` when the text goes on without a gap
 */
export function knownHost(written: string): string | undefined {
  if (isIpv4(written)) return written;
  const labels = written.split(".");
  const last = labels.at(-1) ?? "";
  // `www.com` alone is the beginning of a host that follows somewhere else, as in Brotli's dictionary.
  const isBeginning = labels.length === 2 && labels[0] === "www";
  if (labels.length < 2 || isBeginning || !labels.every(isLabel)) return undefined;
  if (isTopLevelDomain(last)) return written;
  const begins = beginsWithTopLevelDomain(last);
  return begins === undefined ? undefined : [...labels.slice(0, -1), begins].join(".");
}

const isLabel = (label: string): boolean => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label);

/** Four numbers up to 255, none with a zero in front. */
export function isIpv4(text: string): boolean {
  if (text.length > 15) return false;
  const parts = text.split(".");
  return (
    parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** Special-purpose ranges that lead nowhere outside: RFC 6890; 198.18/15 and the ranges for documentation count as outside. */
export function isPublicIpv4(text: string): boolean {
  const [first = 0, second = 0] = text.split(".").map(Number);
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false;
  if (first === 169 && second === 254) return false;
  if (first === 172 && second >= 16 && second < 32) return false;
  if (first === 192 && second === 168) return false;
  return !(first === 100 && second >= 64 && second < 128);
}

/** As it is shown and kept. */
export function addressText({ scheme, host, port, path }: Address): string {
  const authority = port === undefined ? host : `${host}:${port}`;
  return `${scheme === "" ? "" : `${scheme}://`}${authority}${path}`;
}
