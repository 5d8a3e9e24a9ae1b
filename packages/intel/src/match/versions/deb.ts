/** Source: deb-version(7), Debian Policy §5.6.12: epoch, upstream version, revision; a tilde sorts before the end. @module */

import { compareDigits } from "./digits.ts";

const VERSION = /^(?:([0-9]+):)?([A-Za-z0-9.+~:-]+)$/;

export function compareDeb(a: string, b: string): number | undefined {
  const left = split(a);
  const right = split(b);
  if (left === undefined || right === undefined) return undefined;
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function split(version: string) {
  const [, epoch = "0", rest] = VERSION.exec(version.trim()) ?? [];
  if (rest === undefined) return undefined;
  const dash = rest.lastIndexOf("-");
  if (dash < 0) return { epoch, upstream: rest, revision: "" };
  return { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs that are no digits and runs of digits by turns, each from the front. */
function comparePart(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length || right < b.length) {
    while (isWordAt(a, left) || isWordAt(b, right)) {
      const order = rank(a, left) - rank(b, right);
      if (order !== 0) return order;
      left += 1;
      right += 1;
    }
    const leftEnd = digitsEnd(a, left);
    const rightEnd = digitsEnd(b, right);
    const order = compareDigits(a.slice(left, leftEnd), b.slice(right, rightEnd));
    if (order !== 0) return order;
    left = leftEnd;
    right = rightEnd;
  }
  return 0;
}

const isDigitAt = (text: string, at: number): boolean => /[0-9]/.test(text.charAt(at));
const isWordAt = (text: string, at: number): boolean => at < text.length && !isDigitAt(text, at);

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigitAt(text, at)) at += 1;
  return at;
}

/** Tilde, then the end or a digit, then letters, then everything else. */
function rank(text: string, at: number): number {
  const character = text.charAt(at);
  if (character === "~") return -1;
  if (character === "" || isDigitAt(text, at)) return 0;
  return character.charCodeAt(0) + (/[A-Za-z]/.test(character) ? 0 : 256);
}
