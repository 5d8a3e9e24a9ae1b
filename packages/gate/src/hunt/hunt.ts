/**
 * Every past decision, with what the world knows and the policies say today. A verdict may become worse by itself; a better one is
 * a person's to give, but for a time of waiting that is over.
 * @module
 */

import { type Decision, decide, type PolicySet, type Verdict, worseVerdict } from "@sallyport/core";
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
  /** As it would be made today. It names the one it supersedes. */
  readonly decision: Decision;
  /** `worse` and `released` are recorded, `better` is proposed to a person. */
  readonly change: "same" | "worse" | "better" | "released";
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

export async function huntOne(past: PastDecision, request: HuntRequest): Promise<Hunted> {
  const { decision: before } = past;
  const context = await request.contextFor(past);
  const again = await askAgain(before, context, request.registry ?? checks);
  const policy = await request.policyFor(before.replay.withoutDefaults);
  const decision = decide(policy, before.subject, again.evidence, {
    now: request.now,
    notChecked: again.notChecked,
    ...(before.asked !== undefined && { asked: before.asked }),
    snapshotIds: [...keptIds(before), ...(context.intel?.snapshots.map(({ id }) => id) ?? [])],
    anchorSetHash: before.replay.anchorSetHash,
    engineVersion: request.engineVersion,
    supersedes: past.digest,
  });
  const change = changeBetween(before, decision);
  return { past, decision, change, news: again.news, unanswered: again.unanswered };
}

/** Rules that were brought along that time: what they found stands. */
const keptIds = ({ replay }: Decision): readonly string[] =>
  replay.snapshotIds.filter((id) => id.startsWith("rules:"));

function changeBetween(before: Decision, after: Decision): Hunted["change"] {
  if (before.verdict === after.verdict) return "same";
  if (isWorse(after.verdict, before.verdict)) return "worse";
  const waitedOnly = before.reasons.every(({ policy }) => policy === WAITING);
  return waitedOnly && before.verdict === "hold" ? "released" : "better";
}

const isWorse = (a: Verdict, b: Verdict): boolean => a !== b && worseVerdict(a, b) === a;
