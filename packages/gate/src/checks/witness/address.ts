/** What an address of a download says: which file, and whether it will always be the same one. @module */

import { fileNameOf } from "../claims.ts";

/** Lower case, without its query; undefined for an address that ends in no file. */
export function fileOfAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const last = fileNameOf(new URL(address).pathname);
  return last === "" ? undefined : decode(last).toLowerCase();
}

/** Scheme, host and path as they are compared: how an address is written is not where it leads. */
export function sameAddress(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false;
  const [one, other] = [new URL(a), new URL(b)];
  return one.host === other.host && one.pathname === other.pathname && one.search === other.search;
}

/**
 * True when an address names the version, so that another file under it is another file for the same version. An address
 * such as `/latest/setup.exe` serves whatever is newest.
 */
export function namesVersion(address: string, version: string): boolean {
  const numbers = version.match(/\d+/g) ?? [];
  if (numbers.length === 0 || numbers.length > 16) return false;
  // 24.08.0.0 is written 24.08 as often.
  while (numbers.length > 1 && Number(numbers.at(-1)) === 0) numbers.pop();
  // A single number stands in an address by chance.
  if (numbers.length === 1 && numbers.join("").length < 3) return false;
  const separated = new RegExp(`(?<!\\d)${numbers.join("[._-]?")}(?!\\d)`);
  return separated.test(pathOf(address));
}

const pathOf = (address: string): string => {
  if (!URL.canParse(address)) return "";
  const { pathname, search } = new URL(address);
  return decode(pathname + search);
};

/** As it stands where it is not well encoded. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
