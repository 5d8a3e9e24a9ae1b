/**
 * The last good release is what a new one is measured by: when the vendor itself ships the trojan, its signature, its
 * site and its hash all say that everything is fine, and only the difference is left.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import type { FoundDifference } from "../../diff/comparison.ts";
import { RISKS } from "../../diff/rank.ts";
import type { Excerpt } from "../../traits/trait.ts";
import type { Baseline, Check, Observation } from "../check.ts";

/** Of one kind; the rest is counted. */
const MOST_LISTED = 100;

export const difference: Check = {
  id: "difference",
  question: "What changed since the last good release that an ordinary update does not bring?",
  kind: "world",
  document: "docs/traits.md, risks of differences",
  recall: "stands",
  policyFacts: { critical: "Bool", risk: "String" },
  async examine({ context: { baseline } }) {
    if (baseline === undefined)
      return { notChecked: "no earlier release was given to compare with: --baseline FILE" };
    return [...graveDifferences(baseline), ...blindSpots(baseline), ...summary(baseline)];
  },
};

/** Critical ones and high ones, each for itself. */
function graveDifferences({ comparison: { differences } }: Baseline): Observation[] {
  return (["critical", "high"] as const).flatMap((risk) => {
    const found = differences.filter((one) => one.risk === risk);
    const listed = found.slice(0, MOST_LISTED).map(
      (one): Observation => ({
        outcome: "fail",
        because: one.because,
        facts: factsOf(one),
        ...(one.path !== "" && { path: one.path }),
      }),
    );
    if (found.length <= MOST_LISTED) return listed;
    const because = `${found.length - MOST_LISTED} more differences of ${risk} risk`;
    return [...listed, { outcome: "fail", because, facts: { risk, critical: risk === "critical" } }];
  });
}

/** Whatever was not compared may hide anything. */
function blindSpots(baseline: Baseline): Observation[] {
  const { label, comparison } = baseline;
  const unknown = (because: string, path = ""): Observation => ({
    outcome: "unknown",
    because,
    facts: { risk: "", critical: false },
    ...(path !== "" && { path }),
  });
  const spots = comparison.notCompared
    .slice(0, MOST_LISTED)
    .map(({ path, because }) => unknown(`not compared with ${label}: ${because}`, path));
  const rest = comparison.notCompared.length - spots.length;
  if (rest > 0) spots.push(unknown(`${rest} more were not compared with ${label}`));
  if (comparison.sameProduct === false)
    spots.push(unknown(`does not claim to be a release of the same product as ${label}`));
  return spots;
}

/** What is worth a look, and how much changed at all. */
function summary({ label, comparison }: Baseline): Observation[] {
  const { differences, counts } = comparison;
  const countOf = (risk: string) => differences.filter((one) => one.risk === risk).length;
  const [critical = 0, high = 0, medium = 0, low = 0] = RISKS.map(countOf);
  if (critical + high > 0 || comparison.notCompared.length > 0 || comparison.sameProduct === false) return [];
  const { changed, added, removed, unchanged } = counts;
  const looks = medium + low;
  const because =
    looks === 0
      ? `nothing but what an ordinary update brings since ${label}`
      : `${looks} differences since ${label} are worth a look, none of them grave`;
  const facts = { risk: medium > 0 ? "medium" : low > 0 ? "low" : "info", critical: false };
  return [{ outcome: "pass", because, facts: { ...facts, changed, added, removed, unchanged } }];
}

function factsOf({ risk, trait, rule, memberCount, oldPath, before, after }: FoundDifference): JsonObject {
  return {
    risk,
    critical: risk === "critical",
    trait,
    rule,
    memberCount,
    ...(oldPath !== undefined && { oldPath }),
    ...(before !== undefined && { before: excerptFacts(before) }),
    ...(after !== undefined && { after: excerptFacts(after) }),
  };
}

const excerptFacts = ({ offsetBytes, hex, text }: Excerpt): JsonObject => ({
  ...(offsetBytes !== undefined && { offsetBytes }),
  ...(hex !== undefined && { hex }),
  ...(text !== undefined && { text: text.slice(0, 1000) }),
});
