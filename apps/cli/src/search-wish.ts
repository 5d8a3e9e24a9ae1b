/** What is searched for in the bytes of every member, by what the world knows. @module */

import type { Intel } from "@sallyport/core";
import type { SearchWish } from "@sallyport/gate";

/** One run asks the same of every file. */
const known = new WeakMap<Intel, Promise<SearchWish | undefined>>();

/** @returns undefined when nobody knows anything that stands in bytes */
export function searchWish(intel: Intel): Promise<SearchWish | undefined> {
  const wish = known.get(intel) ?? ask(intel);
  known.set(intel, wish);
  return wish;
}

async function ask(intel: Intel): Promise<SearchWish | undefined> {
  if (intel.snapshotsOn("indicator").length === 0) return undefined;
  const digests: SearchWish["digests"][number][] = [];
  for (const kind of ["md5", "sha1"] as const) if (await intel.hasIndicators(kind)) digests.push(kind);
  return {
    domains: await intel.indicatorValues("domain"),
    urls: await intel.indicatorValues("url"),
    texts: await intel.indicatorValues("text"),
    digests,
  };
}
