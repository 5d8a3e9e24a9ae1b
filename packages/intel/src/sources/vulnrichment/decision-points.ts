/** SSVC decision points in CISA's container. Source: CISA SSVC guide; certcc.github.io/SSVC, decision points. @module */

import type { Json, JsonObject } from "@sallyport/core";
import type { DecisionPointsFact } from "../../fact.ts";
import { isJsonObject, member, memberAt, optionalList } from "../../reading/index.ts";

const EXPLOITATION: Readonly<Record<string, DecisionPointsFact["exploitation"]>> = {
  none: "none",
  poc: "public-poc",
  "public poc": "public-poc",
  active: "active",
};

/** @returns undefined when CISA says nothing of it, or nothing that is understood: a missing point stays unknown */
export function decisionPointsOf(cve: string, added: readonly JsonObject[]): DecisionPointsFact | undefined {
  const options = added.filter(isCisa).flatMap(ssvcOptions);
  const exploitation = EXPLOITATION[wordOf(options, "Exploitation")];
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
