/**
 * The mark that browsers leave beside what they downloaded. Source: [MS-FSCC] 5.6.1, Zone.Identifier stream.
 * @module
 */

import type { Origin } from "../check.ts";

/** Zones of what came from elsewhere: the internet, and what is not to be trusted. */
const OUTSIDE = new Set([3, 4]);

/**
 * @param text - of the stream `NAME:Zone.Identifier`: whoever made the file can have written it
 * @returns the page that led there and the address of the bytes, as far as it names them; undefined for no mark of a download
 */
export function readZoneIdentifier(text: string): Origin | undefined {
  const values = new Map<string, string>();
  let inSection = false;
  for (const line of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .slice(0, 100)) {
    if (line.startsWith("[")) inSection = line.trim().toLowerCase() === "[zonetransfer]";
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (inSection && name !== undefined && value !== undefined && !values.has(name.toLowerCase()))
      values.set(name.toLowerCase(), value.trim());
  }
  if (!OUTSIDE.has(Number(values.get("zoneid")))) return undefined;
  return originOf([values.get("referrerurl"), values.get("hosturl")]);
}

/** `about:internet` and the like name no place. @returns undefined when no address of the web is left */
export function originOf(urls: readonly (string | undefined)[]): Origin | undefined {
  const named = urls.filter(
    (url): url is string => url !== undefined && /^(https?|ftp):\/\/./i.test(url) && url.length <= 8192,
  );
  return named.length === 0 ? undefined : { urls: named, toldBy: "mark-of-the-web" };
}
