/** One entry of the catalogue, in either of its forms. @module */

import type { JsonObject } from "@sallyport/core";
import type { ExploitedFact } from "../../fact.ts";
import { excerpt, optionalDay, optionalText, refuse, requiredText } from "../../reading/index.ts";

const CVE = /^CVE-\d{4}-\d{4,19}$/;

/** @throws FeedError naming the member that is missing or wrong */
export function readEntry(entry: JsonObject): ExploitedFact {
  const cve = requiredText(entry, "cveID", 32);
  if (!CVE.test(cve)) refuse("cveID", "is no CVE");
  const dueOn = optionalDay(entry, "dueDate");
  const ransom = optionalText(entry, "knownRansomwareCampaignUse", 32);
  return {
    kind: "exploited",
    cve,
    about: {
      vendor: requiredText(entry, "vendorProject", 200),
      product: requiredText(entry, "product", 200),
      identifiers: [],
      scheme: "generic",
      versions: { ranges: [], exact: [] },
    },
    name: excerpt(entry, "vulnerabilityName", 300) ?? cve,
    since: optionalDay(entry, "dateAdded") ?? refuse("dateAdded", "is missing"),
    ...(dueOn !== undefined && { dueOn }),
    action: excerpt(entry, "requiredAction", 600) ?? "",
    ...((ransom === "Known" || ransom === "Unknown") && { isUsedForRansom: ransom === "Known" }),
  };
}

/** Notes every CVE once. */
export class Entries {
  readonly #seen = new Set<string>();

  /** @throws FeedError for a CVE that stood there already: of two entries nobody could tell which counts */
  note(fact: ExploitedFact): ExploitedFact {
    if (this.#seen.has(fact.cve)) refuse("cveID", `names ${fact.cve} a second time`);
    this.#seen.add(fact.cve);
    return fact;
  }
}
