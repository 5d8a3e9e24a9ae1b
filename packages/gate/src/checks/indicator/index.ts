/**
 * Is anything about it known from an attack? Hashes and signed content of every member, whoever signed anything, where it
 * came from, and the domains, addresses and texts that were found in the bytes while it was opened. What an indicator says
 * was seen somewhere; that nothing matches says little.
 * @module
 */

import type { Intel, JsonObject, Snapshot } from "@sallyport/core";
import type { Check, CheckContext, CheckResult, Observation } from "../check.ts";
import { askAbout, readAsked, readSearched, type Seen } from "./asked.ts";
import { observe } from "./observe.ts";
import { unsearchedSince, unseen } from "./unseen.ts";

export const indicator: Check = {
  id: "indicator",
  question: "Is anything about it known from an attack?",
  kind: "world",
  document: "STIX 2.1 §4.7; MISP core format",
  policyFacts: { kind: "String", title: "String", strong: "Bool" },
  recall: {
    ask({ artifact, context: { intel, origin } }): JsonObject {
      const snapshots = intel?.snapshotsOn("indicator").map(({ id }) => id) ?? [];
      return askAbout({ artifact, origin, snapshots });
    },
    answer,
    unseen,
  },
};

async function answer(asked: JsonObject, { intel, clock }: CheckContext): Promise<CheckResult> {
  const snapshots = intel?.snapshotsOn("indicator") ?? [];
  if (intel === undefined || snapshots.length === 0)
    return { notChecked: "no indicators are known here: sallyport intel sync, or intel import FILE" };
  const seen = readAsked(asked);
  const known = await intel.indicators(distinct(seen));
  const observations = observe(seen, { known, snapshots, now: clock.now() });
  const isFound = observations.some(({ outcome }) => outcome === "fail");
  if (isFound) return observations;
  return [...unsearched(asked), await nothingFound(seen, asked, intel), ...observations];
}

/** Whoever keeps a file from being searched to its end has not shown that nothing is in it. */
function unsearched(asked: JsonObject): readonly Observation[] {
  const files = readSearched(asked)?.unsearched ?? 0;
  if (files === 0) return [];
  return [
    {
      outcome: "unknown",
      because: `${count(files, "file")} could not be searched to the end for what is known from attacks`,
      facts: { kind: "", title: "", strong: false, unsearchedCount: files },
    },
  ];
}

const distinct = (seen: readonly Seen[]): Parameters<Intel["indicators"]>[0] => [
  ...new Map(seen.map(({ observable }) => [`${observable.kind} ${observable.value}`, observable])).values(),
];

async function nothingFound(seen: readonly Seen[], asked: JsonObject, intel: Intel): Promise<Observation> {
  const snapshots = intel.snapshotsOn("indicator");
  const files = seen.filter(({ observable }) => observable.kind === "sha256").length;
  const sources = new Set(snapshots.map(({ source }) => source)).size;
  return {
    outcome: "pass",
    because: `none of ${count(files, "file")} is known from an attack to ${count(sources, "source")} of indicators${staleness(snapshots)}; ${await searchedFor(asked, intel)}`,
    facts: {
      fileCount: files,
      searchedCount: readSearched(asked)?.values ?? 0,
      snapshots: snapshots.map(({ id }) => id),
      staleSnapshots: snapshots.filter(({ isStale }) => isStale).map(({ id }) => id),
    },
  };
}

function staleness(snapshots: readonly Snapshot[]): string {
  const stale = snapshots.filter(({ isStale }) => isStale);
  const oldest = stale.map(({ asOf }) => asOf.slice(0, 10)).sort()[0];
  return oldest === undefined ? "" : ` (${stale.length} of them stale, as of ${oldest})`;
}

/** The bytes are not at hand when it is asked again: what came since was not searched for. */
async function searchedFor(asked: JsonObject, intel: Intel): Promise<string> {
  const searched = readSearched(asked);
  if (searched === undefined) return "no texts were searched for in them";
  const { values, leftOut, unsearched } = searched;
  const later = await unsearchedSince(asked, intel);
  return [
    `${count(values, "domain, address or text", "domains, addresses and texts")} searched for in them`,
    ...(leftOut > 0 ? [`${leftOut} more were too many to be searched for`] : []),
    ...(unsearched > 0 ? [`${count(unsearched, "file")} not searched to the end`] : []),
    ...(later === undefined ? [] : [`without ${later}`]),
  ].join(", ");
}

const count = (many: number, one: string, several = `${one}s`): string =>
  `${many} ${many === 1 ? one : several}`;
