/** SSVC decision points in CISA's container. Source: CISA SSVC guide; certcc.github.io/SSVC, decision points. @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { DecisionPointsFact, ExploitedFact } from "../../fact.ts";
import { dayOf, isJsonObject, member, memberAt, optionalList } from "../../reading/index.ts";

const EXPLOITATION: ReadonlyMap<string, DecisionPointsFact["exploitation"]> = new Map([
  ["none", "none"],
  ["poc", "public-poc"],
  ["public poc", "public-poc"],
  ["active", "active"],
]);

/** @returns undefined when CISA says nothing of it, or nothing that is understood: a missing point stays unknown */
export function decisionPointsOf(cve: string, added: readonly JsonObject[]): DecisionPointsFact | undefined {
  const options = added.filter(isCisa).flatMap(ssvcOptions);
  const exploitation = EXPLOITATION.get(wordOf(options, "Exploitation"));
  const automatable = wordOf(options, "Automatable");
  const technicalImpact = wordOf(options, "Technical Impact");
  if (exploitation === undefined && !isYesOrNo(automatable) && !isImpact(technicalImpact)) return undefined;
  return {
    kind: "decision-points",
    cve,
    ...(exploitation !== undefined && { exploitation }),
    ...(isYesOrNo(automatable) && { isAutomatable: automatable === "yes" }),
    ...(isImpact(technicalImpact) && { technicalImpact }),
  };
}

/** The day on which CISA put it into its catalogue of what is being exploited, which its container repeats. */
export function exploitedOf(cve: string, added: readonly JsonObject[]): ExploitedFact | undefined {
  const metrics = added.filter(isCisa).flatMap((container) => optionalList(container, "metrics"));
  const listed = metrics
    .map((metric) => member(metric, "other"))
    .find((other) => member(other, "type") === "kev");
  const date = memberAt(listed, "content", "dateAdded");
  const since = typeof date === "string" ? dayOf(date) : undefined;
  if (since === undefined) return undefined;
  // Of which product, the record itself says.
  const about = { identifiers: [], scheme: "generic", versions: { ranges: [], exact: [] } } as const;
  return { kind: "exploited", cve, about, name: cve, since, action: "" };
}

const isCisa = (container: JsonObject): boolean =>
  memberAt(container, "providerMetadata", "shortName") === "CISA-ADP" ||
  member(container, "title") === "CISA ADP Vulnrichment";

/** Each option is an object of one member. */
function ssvcOptions(container: JsonObject): readonly Json[] {
  return optionalList(container, "metrics").flatMap((metric) => {
    const other = member(metric, "other");
    if (member(other, "type") !== "ssvc") return [];
    const options = memberAt(other, "content", "options");
    return isJsonObject(options) ? [options] : optionalList(member(other, "content"), "options");
  });
}

/** The last one counts: a later assessment stands behind an earlier. */
function wordOf(options: readonly Json[], name: string): string {
  const words = options.map((option) => member(option, name)).filter((word) => typeof word === "string");
  return words.at(-1)?.toLowerCase() ?? "";
}

const isYesOrNo = (word: string): boolean => word === "yes" || word === "no";
const isImpact = (word: string): word is "partial" | "total" => word === "partial" || word === "total";
