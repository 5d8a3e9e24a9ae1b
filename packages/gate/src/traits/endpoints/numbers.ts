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
 * Finds public addresses with a port, and those that are a string of their own and cannot be a version.
 * @param visit - asked in the order of the bytes
 */
export function findBareAddresses(
  bytes: Buffer,
  from: number,
  to: number,
  visit: (found: BareAddress) => void,
): void {
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== DOT || !isDigit(bytes[at - 1]) || !isDigit(bytes[at + 1])) continue;
    const start = startOfNumber(bytes, at);
    const text = bytes.toString("latin1", start, start + 24);
    const parts = /^((?:\d{1,3}\.){3}\d{1,3})(?![\d.])(?::(\d{2,5})(?![\d.]))?/.exec(text);
    // Behind the first dot of a longer row the next one begins no address.
    if (parts === null) continue;
    at = start + parts[0].length;
    const [whole, host = "", digits] = parts;
    if (!isIpv4(host) || !isPublicIpv4(host)) continue;
    if (!isAlone(bytes[start - 1], digits === undefined ? bytes[start + whole.length] : 0)) continue;
    if (digits === undefined ? isVersionLike(host) : Number(digits) > 65_535) continue;
    visit({ host, index: start, ...(digits === undefined ? {} : { port: Number(digits) }) });
  }
}

function startOfNumber(bytes: Buffer, dot: number): number {
  let start = dot - 1;
  while (start > 0 && dot - start < 3 && isDigit(bytes[start - 1])) start -= 1;
  return start;
}

/** Begins a string, or a word in one; ends with the string. */
function isAlone(before: number | undefined, after: number | undefined): boolean {
  const isQuote = (code: number | undefined): boolean =>
    code === undefined || code === 0 || code === 0x22 || code === 0x27 || code === 0x60;
  return (isQuote(before) || before === 0x20 || before === 0x3d) && isQuote(after);
}

/** Versions seldom have two parts above 31, nor end in 0 when they are addresses of a machine. */
const isVersionLike = (host: string): boolean => {
  const parts = host.split(".").map(Number);
  return parts.filter((part) => part > 31).length < 2 || parts[0] === 0 || parts[3] === 0;
};
