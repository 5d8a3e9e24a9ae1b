/**
 * What of today's indicators only the bytes could tell. A list that was merely published anew brings nothing to search for: what was
 * searched for is kept value by value.
 * @module
 */

import type { Intel, JsonObject } from "@sallyport/core";
import { countNew } from "../../search/searched-values.ts";
import { type SearchWish, searchable } from "../../search/wish.ts";
import type { CheckContext } from "../check.ts";
import { hasDigest, readSearched } from "./asked.ts";

const WEAK_DIGESTS = ["md5", "sha1"] as const;

/** @returns one sentence; undefined when everything that is known today was asked */
export async function unseen(asked: JsonObject, { intel }: CheckContext): Promise<string | undefined> {
  if (intel === undefined) return undefined;
  const later = await unsearchedSince(asked, intel);
  const missing: string[] = [];
  for (const kind of WEAK_DIGESTS)
    if (!hasDigest(asked, kind) && (await intel.hasIndicators(kind)))
      missing.push(kind === "md5" ? "MD5" : "SHA-1");
  const told = [
    ...(later === undefined ? [] : [`it was not searched for ${later}`]),
    ...(missing.length === 0 ? [] : [`files are known by their ${missing.join(" and ")}, which it has not`]),
  ];
  return told.length === 0 ? undefined : told.join("; ");
}

/** @returns `3 domains, addresses or texts that were told later`; undefined when there are none */
export async function unsearchedSince(asked: JsonObject, intel: Intel): Promise<string | undefined> {
  const searched = readSearched(asked);
  const then = searched?.snapshots ?? [];
  const later = intel.snapshotsOn("indicator").filter(({ id }) => !then.includes(id));
  if (later.length === 0) return undefined;
  if (searched !== undefined && searched.written === undefined) return undated(intel, later);
  const count = await countSince(searched?.written ?? "", intel);
  if (count === 0) return undefined;
  return `${count} ${count === 1 ? "domain, address or text that was" : "domains, addresses and texts that were"} told later`;
}

/** Of a decision that does not say what was searched for. */
async function undated(
  intel: Intel,
  later: readonly { readonly title: string }[],
): Promise<string | undefined> {
  const wish = await wishOf(intel);
  if (searchable({ ...wish, digests: [] }) === undefined) return undefined;
  return `what was told later: ${later.map(({ title }) => title).join(", ")}`;
}

const wishes = new WeakMap<Intel, Promise<SearchWish>>();

function wishOf(intel: Intel): Promise<SearchWish> {
  const wish = wishes.get(intel) ?? readWish(intel);
  wishes.set(intel, wish);
  return wish;
}

const readWish = async (intel: Intel): Promise<SearchWish> => ({
  domains: await intel.indicatorValues("domain"),
  urls: await intel.indicatorValues("url"),
  texts: await intel.indicatorValues("text"),
  digests: [],
});

/** Many decisions were made with the same lists. Those that were met last are remembered. */
const MAX_COUNTS = 64;
const counts = new WeakMap<Intel, Map<string, number>>();

async function countSince(written: string, intel: Intel): Promise<number> {
  const known = counts.get(intel) ?? new Map<string, number>();
  counts.set(intel, known);
  const found = known.get(written);
  if (found !== undefined) return found;
  const count = countNew(written, await wishOf(intel));
  const oldest = known.size < MAX_COUNTS ? undefined : known.keys().next().value;
  if (oldest !== undefined) known.delete(oldest);
  known.set(written, count);
  return count;
}
