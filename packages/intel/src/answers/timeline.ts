/**
 * Within which time CISA's directive BOD 26-04 wants a vulnerability mended. Source: CISA BOD 26-04; SSVC decision table
 * `cisa:DT_BOD2604`.
 * @module
 */

import type { Vulnerability } from "@sallyport/core";
import { tableKey } from "../store/fact-keys.ts";
import { findFacts } from "../store.ts";
import type { View } from "./view.ts";

const TABLE = "cisa bod 26-04 remediation timelines";

type Known = Pick<Vulnerability, "exploitedSince" | "isAutomatable" | "technicalImpact">;

/** Whether a machine can be reached publicly its owner knows: both are told. @returns nothing where another input is not known */
export function timelineOf(view: View, known: Known): Pick<Vulnerability, "mendWithin"> {
  const { isAutomatable, technicalImpact } = known;
  const isListed = known.exploitedSince !== undefined ? true : isKnownNotListed(view) ? false : undefined;
  if (isListed === undefined || isAutomatable === undefined || technicalImpact === undefined) return {};
  const rows = findFacts(view.database, view.snapshots, "decision", [tableKey(TABLE)]);
  const within = (exposed: "yes" | "no"): string | undefined => {
    const inputs: Readonly<Record<string, string>> = {
      "in kev": isListed ? "yes" : "no",
      "publicly exposed": exposed,
      automatable: isAutomatable ? "yes" : "no",
      "technical impact": technicalImpact,
    };
    return rows.find(({ fact: { when } }) => {
      const points = Object.entries(when);
      return points.length === 4 && points.every(([point, value]) => inputs[point] === value);
    })?.fact.outcome;
  };
  const [exposed, unexposed] = [within("yes"), within("no")];
  return exposed === undefined || unexposed === undefined ? {} : { mendWithin: { exposed, unexposed } };
}

/** Only a catalogue that is here and not out of date says of something that it is not in it. */
const isKnownNotListed = ({ snapshots }: View): boolean =>
  snapshots.some(({ source, isStale }) => source === "kev" && !isStale);
