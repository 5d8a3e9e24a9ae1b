/** What is searched for in the bytes of every member, by what the world knows. @module */

import type { Intel } from "@sallyport/core";
import type { SearchWish } from "@sallyport/gate";

/** @returns undefined when nobody knows anything that stands in bytes */
export async function searchWish(intel: Intel): Promise<SearchWish | undefined> {
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
