/** IPv4 addresses that stand in bytes without a scheme. @module */

import { isIpv4, isPublicIpv4 } from "./address.ts";

export interface BareAddress {
  readonly host: string;
  readonly port?: number;
  readonly index: number;
}

const DOT = 0x2e;
const isDigit = (code: number | undefined): boolean => code !== undefined && code >= 0x30 && code <= 0x39;

/**
 * Finds public addresses with a port, and those that are a string of their own and cannot be a version; in UTF-16 as well.
 * @param visit - asked in the order of the bytes
 */
export function findBareAddresses(
  bytes: Buffer,
  from: number,
  to: number,
  visit: (found: BareAddress) => void,
): void {
  // Dots are rare in programs: looking for the next one is ten times as fast as looking at every byte.
  for (let at = bytes.indexOf(DOT, from); at >= 0 && at < to; at = bytes.indexOf(DOT, at + 1)) {
    while (bytes[at + 1] === DOT) at += 1;
    const width = bytes[at + 1] === 0 ? 2 : 1;
    if (!isDigit(bytes[at - width]) || !isDigit(bytes[at + width])) continue;
    const start = startOfNumber(bytes, at, width);
    const text = textAt(bytes, start, width);
    const parts = /^((?:\d{1,3}\.){3}\d{1,3})(?![\d.])(?::(\d{2,5})(?![\d.]))?/.exec(text);
    // Behind the first dot of a longer row the next one begins no address.
    if (parts === null) continue;
    at = start + parts[0].length * width - 1;
    const [whole, host = "", digits] = parts;
    if (!isIpv4(host) || !isPublicIpv4(host)) continue;
    const port = digits === undefined ? undefined : Number(digits);
    if (port === undefined && (isVersionLike(host) || !isQuote(text.charCodeAt(whole.length)))) continue;
    if (port !== undefined && port > 65_535) continue;
    if (!isBegun(width === 2 ? 0 : bytes[start - 1], port !== undefined)) continue;
    visit({ host, index: start, ...(port === undefined ? {} : { port }) });
  }
}

function startOfNumber(bytes: Buffer, dot: number, width: 1 | 2): number {
  let start = dot - width;
  while (start >= width && dot - start < 3 * width && isDigit(bytes[start - width])) start -= width;
  return start;
}

const textAt = (bytes: Buffer, start: number, width: 1 | 2): string =>
  bytes.toString(width === 1 ? "latin1" : "utf16le", start, start + 24 * width);

/** The end of the text has no code. */
const isQuote = (code: number | undefined): boolean =>
  code === undefined || Number.isNaN(code) || code === 0 || code === 0x22 || code === 0x27 || code === 0x60;

/** Begins a string, or a word in one. With a port it may stand in a text without gaps, but not in a longer number. */
function isBegun(before: number | undefined, hasPort: boolean): boolean {
  if (isQuote(before) || before === 0x20 || before === 0x3d) return true;
  return (
    hasPort && before !== DOT && before !== 0x2d && before !== 0x2f && before !== 0x40 && !isDigit(before)
  );
}

/** Versions seldom have two parts above 31, nor end in 0 when they are addresses of a machine. */
const isVersionLike = (host: string): boolean => {
  const parts = host.split(".").map(Number);
  return parts.filter((part) => part > 31).length < 2 || parts[0] === 0 || parts[3] === 0;
};
