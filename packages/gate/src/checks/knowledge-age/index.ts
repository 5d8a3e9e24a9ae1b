/**
 * What the world knows is only as good as its age: a list of yesterday knows nothing of today's trojan. Each source says how
 * old its data may be. By default this is shown; an organisation's policy can hold on it.
 * @module
 */

import type { Snapshot } from "@sallyport/core";
import type { Check, CheckContext, CheckResult } from "../check.ts";

export const knowledgeAge: Check = {
  id: "knowledge-age",
  question: "Is what is known of the world no older than each source says it may be?",
  kind: "world",
  document: "docs/knowledge.md",
  policyFacts: { source: "String", ageDays: "Long" },
  recall: { ask: () => ({}), answer: async (_asked, context) => answer(context) },
};

function answer({ intel, clock }: CheckContext): CheckResult {
  const snapshots = intel?.snapshots ?? [];
  if (snapshots.length === 0) return { notChecked: "nothing that the world knows was read here" };
  const stale = snapshots.filter(({ isStale }) => isStale);
  if (stale.length > 0) return stale.map((snapshot) => observe(snapshot, clock.now()));
  return {
    outcome: "pass",
    because: `${snapshots.length} sources of knowledge are as fresh as they should be`,
    facts: {},
  };
}

const observe = (snapshot: Snapshot, now: Date) => ({
  outcome: "fail" as const,
  because: `${snapshot.title} is of ${snapshot.asOf.slice(0, 10)}, older than it should be; run: sallyport intel sync ${snapshot.source}`,
  facts: { source: snapshot.source, snapshot: snapshot.id, ageDays: ageDays(snapshot, now) },
});

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
const ageDays = ({ asOf }: Snapshot, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - Date.parse(asOf)) / DAY_MILLISECONDS));
