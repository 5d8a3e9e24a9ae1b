/**
 * Every past decision, with what the world knows and the policies say today. A verdict may become worse by itself; a better one is
 * a person's to give, but for a time of waiting that is over.
 * @module
 */

import { type Decision, decide, type PolicySet, sightOf, type Verdict, worseVerdict } from "@sallyport/core";
import type { Check, CheckContext } from "../checks/check.ts";
import { checks } from "../checks/registry.ts";
import { type AskedAgain, askAgain, type Unanswered } from "./ask-again.ts";

export interface PastDecision {
  /** SHA-256 of the stored decision, hex. */
  readonly digest: string;
  readonly recordedAt: Date;
  readonly decision: Decision;
}

export interface Hunted {
  readonly past: PastDecision;
  /** As it would be made today, naming the one it supersedes; the past one itself when its verdict stays. */
  readonly decision: Decision;
  /** `worse` and `released` are recorded, `better` is proposed to a person. */
  readonly change: "same" | "worse" | "better" | "released";
  /** Today's policies say otherwise of what was seen then already: not the world changed, but the rules. */
  readonly byPolicy: boolean;
  readonly news: AskedAgain["news"];
  readonly unanswered: readonly Unanswered[];
}

export interface HuntRequest {
  readonly now: Date;
  readonly engineVersion: string;
  /** Today's policies; a default that was switched off for that decision stays off. */
  policyFor(withoutDefaults: readonly string[]): Promise<PolicySet>;
  /** What is known today of the bytes that a decision is about. */
  contextFor(past: PastDecision): Promise<CheckContext>;
  readonly registry?: readonly Check[];
}

/** The policy whose end is nobody's to decide: a day comes. */
const WAITING = "cooling-off";
/** Verdicts by what policies saw; beyond, what was seen first is forgotten. */
const MAX_REMEMBERED = 10_000;

/** @returns hunts one decision after the other; what the policies were shown once, they are not shown again */
export function hunter(request: HuntRequest): (past: PastDecision) => Promise<Hunted> {
  const verdicts = new Map<string, Verdict>();
  return async (past) => {
    const { decision: before } = past;
    const context = await request.contextFor(past);
    const { evidence, notChecked, news, unanswered } = await askAgain(
      before,
      context,
      request.registry ?? checks,
    );
    const policy = await request.policyFor(before.replay.withoutDefaults);
    const sight = `${policy.hash} ${sightOf(policy, before.subject, evidence)}`;
    if (verdicts.get(sight) === before.verdict)
      return { past, decision: before, change: "same", byPolicy: false, news, unanswered };
    const decision = decide(policy, before.subject, evidence, {
      ...worldOf(past, request, context),
      notChecked,
    });
    remember(verdicts, sight, decision.verdict);
    const change = changeBetween(before, decision, unanswered);
    const byPolicy = change !== "same" && isByPolicy(policy, before);
    return { past, decision: change === "same" ? before : decision, change, byPolicy, news, unanswered };
  };
}

const worldOf = (
  { decision: { asked, replay }, digest }: PastDecision,
  request: HuntRequest,
  { intel }: CheckContext,
) => ({
  now: request.now,
  ...(asked !== undefined && { asked }),
  // Rules that were brought along that time: what they found stands.
  snapshotIds: [
    ...replay.snapshotIds.filter((id) => id.startsWith("rules:")),
    ...(intel?.snapshots.map(({ id }) => id) ?? []),
  ],
  anchorSetHash: replay.anchorSetHash,
  engineVersion: request.engineVersion,
  supersedes: digest,
});

const isByPolicy = (
  policy: PolicySet,
  { subject, evidence, verdict, notChecked, replay }: Decision,
): boolean =>
  policy.hash !== replay.policyHash &&
  decide(policy, subject, evidence, { ...replay, now: new Date(replay.now), notChecked }).verdict !== verdict;

function remember(verdicts: Map<string, Verdict>, sight: string, verdict: Verdict): void {
  const oldest = verdicts.size < MAX_REMEMBERED ? undefined : verdicts.keys().next().value;
  if (oldest !== undefined) verdicts.delete(oldest);
  verdicts.set(sight, verdict);
}

function changeBetween(
  before: Decision,
  after: Decision,
  unanswered: readonly Unanswered[],
): Hunted["change"] {
  if (before.verdict === after.verdict) return "same";
  if (isWorse(after.verdict, before.verdict)) return "worse";
  const waitedOnly = before.reasons.every(({ policy }) => policy === WAITING);
  // It waits for what others find meanwhile: as long as that cannot be asked without its bytes, nothing is over.
  const isOver = waitedOnly && before.verdict === "hold" && unanswered.length === 0;
  return isOver ? "released" : "better";
}

const isWorse = (a: Verdict, b: Verdict): boolean => a !== b && worseVerdict(a, b) === a;
