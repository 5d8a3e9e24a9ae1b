/**
 * What is said of parts that a system's package keeps: their distribution mends them without changing the version that the
 * maker gave, so what a list says of that version may have been mended long ago. It is counted, and never certain.
 * @module
 */

import type { Known, Vulnerability } from "@sallyport/core";
import type { Observation } from "../check.ts";
import type { Part } from "../retired/asked.ts";
import { nameOf } from "../retired/sentence.ts";
import { listed } from "../told-by.ts";
import { isMalicious, type Weighed } from "./weigh.ts";

const MAX_NAMED = 5;
const MAX_LISTED = 100;
const MAX_IDS = 20;

/**
 * By its version, which is the maker's; what is known of the distribution's own package stands beside it under that name. What
 * was made to do harm is not mended by anybody, and what the version did not make certain is no news.
 */
export const doubted = (
  { isSystem }: Part,
  known: readonly Known<Vulnerability>[],
): readonly Known<Vulnerability>[] =>
  isSystem === true
    ? known
        .filter(({ match }) => match === "certain")
        .map((one) => (isMalicious(one.fact) ? one : { ...one, match: "possible" }))
    : known;

export interface SystemPart {
  readonly part: Part;
  readonly weighed: Weighed;
}

/** @returns one line for all of them */
export function tellSystemParts(parts: readonly SystemPart[]): readonly Observation[] {
  if (parts.length === 0) return [];
  const counts = parts.map(({ part, weighed }) => `${nameOf(part.claim)} (${weighed.possible.length})`);
  const more = counts.length > MAX_NAMED ? [`${counts.length - MAX_NAMED} more parts`] : [];
  return [
    {
      outcome: "pass",
      because:
        `kept by the system's own packages, whose distribution mends them under the same version: ` +
        `${listed([...counts.slice(0, MAX_NAMED), ...more])} may have what is known of the maker's; ` +
        "the distribution's own list tells: sallyport intel sync osv=Debian:12 (or another)",
      facts: {
        vulnerability: "",
        product: "",
        malicious: false,
        productIsExploited: false,
        needsReview: false,
        partCount: parts.length,
        parts: parts.slice(0, MAX_LISTED).map(({ part, weighed }) => ({
          product: nameOf(part.claim),
          path: part.path,
          possibleCount: weighed.possible.length,
          possible: weighed.possible.slice(0, MAX_IDS).map(({ id }) => id),
        })),
      },
    },
  ];
}
