/**
 * Asks a past decision's questions to the world once more, without the file. What depends on the bytes alone counts as it stands;
 * what was asked of the world is asked again from what was kept of the question.
 * @module
 */

import {
  canonicalJson,
  checkIdOf,
  type Decision,
  type Evidence,
  type Json,
  type NotChecked,
} from "@sallyport/core";
import type { Check, CheckContext } from "../checks/check.ts";
import { checks } from "../checks/registry.ts";
import { seenBy } from "../examine.ts";
import { readQuestion } from "./kept-question.ts";

export interface AskedAgain {
  readonly evidence: readonly Evidence[];
  readonly notChecked: readonly NotChecked[];
  /** Evidence that was not there before. */
  readonly news: readonly Evidence[];
  /** What only the file itself can tell now. */
  readonly unanswered: readonly Unanswered[];
}

export interface Unanswered {
  /** The check's id. */
  readonly check: string;
  /** One sentence. */
  readonly because: string;
}

/** @param context - as of now; see `Recall.answer` for what has to be filled */
export async function askAgain(
  decision: Decision,
  context: CheckContext,
  registry: readonly Check[] = checks,
): Promise<AskedAgain> {
  const evidence = groupByCheck(decision.evidence);
  const notChecked = groupByCheck(decision.notChecked);
  const unanswered = [...laterRules(decision, context)];
  const news: Evidence[] = [];
  for (const check of registry) {
    const { id, recall } = check;
    if (check.kind !== "world" || recall === "stands") continue;
    const kept = decision.asked?.[id];
    if (recall === undefined) {
      if (evidence.has(id))
        unanswered.push({ check: id, because: "only the file itself can be asked again" });
      continue;
    }
    const question = kept && readQuestion(kept);
    if (question === undefined) {
      // The decision is older than the check, or asked more than is kept.
      unanswered.push({ check: id, because: "what it would have to ask was not kept" });
      continue;
    }
    const seen = seenBy(check, await recall.answer(question, context));
    const known = new Set(evidence.get(id)?.map(fingerprint));
    news.push(...seen.evidence.filter((one) => !known.has(fingerprint(one))));
    evidence.set(id, seen.evidence);
    notChecked.set(id, seen.notChecked);
    const because = await recall.unseen?.(question, context);
    if (because !== undefined) unanswered.push({ check: id, because });
  }
  return {
    evidence: [...evidence.values()].flat(),
    notChecked: [...notChecked.values()].flat(),
    news,
    unanswered,
  };
}

/** In the order in which they are met. */
function groupByCheck<Told extends { readonly source: string }>(
  all: readonly Told[],
): Map<string, readonly Told[]> {
  const groups = new Map<string, Told[]>();
  for (const one of all) {
    const id = checkIdOf(one.source);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return groups;
}

/** Rules are tried on bytes. */
function* laterRules(decision: Decision, { intel }: CheckContext): Generator<Unanswered> {
  const then = new Set(decision.replay.snapshotIds);
  const later = (intel?.snapshotsOn("rule") ?? []).filter(({ id }) => !then.has(id));
  if (later.length === 0) return;
  const names = later.map(({ title }) => title).join(", ");
  yield { check: "rules", because: `rules that came later were not tried on it: ${names}` };
}

const fingerprint = (one: Evidence): string => canonicalJson(JSON.parse(JSON.stringify(one)) as Json);
