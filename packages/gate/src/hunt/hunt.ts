/**
 * Every past decision, with what the world knows and the policies say today. A verdict may become worse by itself; a better one is
 * a person's to give, but for a time of waiting that is over.
 * @module
 */

import { hash } from "node:crypto";
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
  /** Today's policies say the same, for the same reasons, of what was seen then: not the world changed, but the rules. */
  readonly byPolicy: boolean;
  /** Policies that it was made with and that were not given today: what they would say is not known. */
  readonly missingPolicies: readonly string[];
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
    const asked = await askAgain(before, context, request.registry ?? checks);
    const { evidence, notChecked, news, unanswered } = asked;
    const policy = await request.policyFor(before.replay.withoutDefaults);
    const missingPolicies = missingIn(policy, before);
    const same = { past, decision: before, change: "same", byPolicy: false } as const;
    const sight = hash("sha256", `${policy.hash} ${sightOf(policy, before.subject, evidence)}`);
    if (verdicts.get(sight) === before.verdict) return { ...same, missingPolicies, news, unanswered };
    const world = worldOf(past, request, context);
    const decision = decide(policy, before.subject, evidence, { ...world, notChecked });
    remember(verdicts, sight, decision.verdict);
    if (decision.verdict === before.verdict) return { ...same, missingPolicies, news, unanswered };
    const isWhole = unanswered.length + missingPolicies.length === 0;
    const change = changeBetween(before, decision, isWhole);
    const byPolicy = isByPolicy(policy, before, decision);
    return { past, decision, change, byPolicy, missingPolicies, news, unanswered };
  };
}

function missingIn(policy: PolicySet, { replay: { addedPolicies = [] } }: Decision): readonly string[] {
  if (addedPolicies.length === 0) return [];
  const given = new Set(policy.policies.map(({ id }) => id));
  return addedPolicies.filter((id) => !given.has(id));
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

/** A new reason is the world's, whatever the policies alone would say. */
function isByPolicy(policy: PolicySet, before: Decision, after: Decision): boolean {
  const { subject, evidence, notChecked, replay } = before;
  if (policy.hash === replay.policyHash) return false;
  const alone = decide(policy, subject, evidence, { ...replay, now: new Date(replay.now), notChecked });
  if (alone.verdict !== after.verdict) return false;
  const reasons = new Set(alone.reasons.map(({ policy: id }) => id));
  return !isWorse(after.verdict, before.verdict) || after.reasons.every(({ policy: id }) => reasons.has(id));
}

function remember(verdicts: Map<string, Verdict>, sight: string, verdict: Verdict): void {
  const oldest = verdicts.size < MAX_REMEMBERED ? undefined : verdicts.keys().next().value;
  if (oldest !== undefined) verdicts.delete(oldest);
  verdicts.set(sight, verdict);
}

/** @param isWhole - everything could be asked, under the policies of then */
function changeBetween(before: Decision, after: Decision, isWhole: boolean): Hunted["change"] {
  if (isWorse(after.verdict, before.verdict)) return "worse";
  const waitedOnly = before.reasons.every(({ policy }) => policy === WAITING);
  // It waits for what others find meanwhile: as long as that cannot be asked without its bytes, nothing is over.
  const isOver = waitedOnly && before.verdict === "hold" && isWhole;
  return isOver ? "released" : "better";
}

const isWorse = (a: Verdict, b: Verdict): boolean => a !== b && worseVerdict(a, b) === a;
