/** What of a source is fetched: all of it, the parts that somebody named, or from the address that somebody named. @module */

import { UsageError } from "@sallyport/core";
import { parseAddress, withoutSecrets } from "@sallyport/fetch";
import type { Download, IntelSource } from "../source.ts";

/** What one address may send, where no source says how much. */
const MAX_ADDRESS_BYTES = 1024 ** 3;

export interface WantedPart {
  readonly source: IntelSource;
  readonly part: string;
  /** What somebody named to have it. */
  readonly chosen?: string;
  readonly downloads: readonly Download[];
}

/**
 * @param chosen - what somebody named: parts of a source that has them, addresses for one that has none of its own
 * @returns nothing for a source of which nothing was named that has to be
 * @throws UsageError `usage.value`
 */
export function wantedParts(source: IntelSource, chosen: readonly string[]): readonly WantedPart[] {
  const { choice, downloads } = source;
  if (choice !== undefined)
    return withoutDoubles(
      chosen.map((part) => ({ source, part, chosen: part, downloads: choice.downloads(part) })),
    );
  if (downloads === undefined) return withoutDoubles(chosen.map((text) => fromAddress(source, text)));
  const mirror = chosen.at(-1);
  // Nothing behind the equals sign: from the publisher again.
  if (mirror === undefined || mirror === "")
    return [{ source, part: "", downloads, ...(mirror === "" && { chosen: mirror }) }];
  return [{ source, part: "", chosen: mirror, downloads: fromMirror(source, mirror) }];
}

/** Whether anything of it can be fetched. */
export const isFetched = ({ downloads, choice }: IntelSource): boolean =>
  downloads !== undefined || choice !== undefined;

function fromAddress(source: IntelSource, text: string): WantedPart {
  const url = addressOf(source, text);
  const download = { name: lastName(url), url: url.href, maxBytes: MAX_ADDRESS_BYTES };
  return { source, part: withoutSecrets(url), chosen: text, downloads: [download] };
}

/** A copy of one's own, in the place of the publisher. */
function fromMirror(source: IntelSource, text: string): readonly Download[] {
  const [only, second] = source.downloads ?? [];
  if (only === undefined || second !== undefined)
    throw new UsageError(
      "usage.value",
      `${source.id}=${text}: it is more than one file, which no one address can give`,
    );
  return [{ ...only, url: addressOf(source, text).href }];
}

function addressOf({ id }: IntelSource, text: string): URL {
  if (!/^https?:\/\//i.test(text))
    throw new UsageError(
      "usage.value",
      `${id}=${text}: expected an address such as https://example.org/file.json`,
    );
  return parseAddress(text);
}

function lastName({ pathname, hostname }: URL): string {
  const name = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  return name.slice(0, 200);
}

/** `npm` and `NPM` are one part. */
function withoutDoubles(parts: readonly WantedPart[]): readonly WantedPart[] {
  const seen = new Set<string>();
  return parts.filter(({ downloads }) => {
    const key = downloads.map(({ url }) => url).join("\n");
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
