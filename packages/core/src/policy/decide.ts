/**
 * Policy in, evidence in, decision out. Pure: the same arguments give the same decision, so that a stored
 * one can be reached again. Refuse beats everything, an error holds, and only a permit admits.
 * @module
 */

import type { AuthorizationAnswer } from "@cedar-policy/cedar-wasm/nodejs";
import { type Asked, type Decision, type Reason, type Verdict, worseVerdict } from "../decision.ts";
import { checkIdOf, type Evidence, type NotChecked } from "../evidence.ts";
import type { Subject } from "../subject.ts";
import { contextOf, type PolicyContext } from "./context.ts";
import { type ParsedPolicies, type ParsedPolicy, type PolicySet, parsedOf } from "./policy-set.ts";

/** What, beside policy and evidence, goes into a decision. */
export interface DecisionWorld {
  readonly now: Date;
  readonly notChecked: readonly NotChecked[];
  readonly snapshotIds: readonly string[];
  readonly anchorSetHash: string;
  readonly engineVersion: string;
  readonly asked?: Asked;
  readonly supersedes?: string;
}

/**
 * Decides. Reasons stand in a fixed order: refuse, hold, admit, then by policy id. Reasons that no policy
 * gives are named `unknown-evidence`, `policy-error` and `no-permit`; all three hold.
 * @throws UsageError `usage.policy` when the set was not made by `loadPolicies`
 */
export function decide(
  policy: PolicySet,
  subject: Subject,
  evidence: readonly Evidence[],
  world: DecisionWorld,
): Decision {
  const policies = parsedOf(policy);
  const context = contextOf(evidence, policies.vocabulary);
  const said = reasonsOf(policies, authorize(policies, subject, context), evidence);
  const all = [...unreadableReasons(context), ...said];
  const verdict = all.map((reason) => reason.verdict).reduce<Verdict>(worseVerdict, "admit");
  // A permit that was overruled is no reason for the verdict.
  const reasons = all.filter((reason) => verdict === "admit" || reason.verdict !== "admit");
  return {
    subject,
    verdict,
    reasons: reasons.sort(worstFirst),
    evidence,
    notChecked: world.notChecked,
    ...(world.asked !== undefined && { asked: world.asked }),
    replay: {
      now: world.now.toISOString(),
      policyHash: policy.hash,
      withoutDefaults: policy.withoutDefaults,
      addedPolicies: policy.policies.flatMap(({ id, origin }) => (origin === "added" ? [id] : [])),
      snapshotIds: world.snapshotIds,
      anchorSetHash: world.anchorSetHash,
      engineVersion: world.engineVersion,
      ...(world.supersedes !== undefined && { supersedes: world.supersedes }),
    },
  };
}

function authorize(policies: ParsedPolicies, subject: Subject, context: PolicyContext): AuthorizationAnswer {
  // The context is built key by key from typed values, which the engine's own type cannot express.
  const checks = Object.fromEntries(
    Object.entries(context.checks).map(([id, record]) => [id, { ...record, facts: { ...record.facts } }]),
  );
  return policies.cedar.statefulIsAuthorized({
    principal: { type: "Organisation", id: "self" },
    action: { type: "Action", id: "pass" },
    resource: { type: "Subject", id: subject.id.toWellFormed() },
    context: { checks },
    preparsedPolicySetId: policies.policySetId,
    preparsedSchemaName: policies.schemaName,
    validateRequest: true,
    entities: [],
  });
}

function reasonsOf(
  policies: ParsedPolicies,
  answer: AuthorizationAnswer,
  evidence: readonly Evidence[],
): Reason[] {
  if (answer.type === "failure")
    return [hold("policy-error", "the policies could not be asked: the request is not what they expect", [])];
  const { reason, errors } = answer.response.diagnostics;
  const matched = reason.flatMap((id) => policies.byId.get(id) ?? []);
  const reasons = matched.map((policy) => reasonOf(policy, evidence));
  // Cedar skips a policy that errors and may still allow: an error holds.
  for (const { policyId } of errors)
    reasons.push(hold("policy-error", `the policy "${policyId}" could not be evaluated`, []));
  // The engine's word counts, not only the reasons it lists: what it denies without a reason holds.
  const denied = answer.response.decision !== "allow" || matched.length !== reason.length;
  if (reasons.length === 0 || (denied && reasons.every(({ verdict }) => verdict === "admit")))
    reasons.push(hold("no-permit", "no policy admits it", []));
  return reasons;
}

function reasonOf(policy: ParsedPolicy, evidence: readonly Evidence[]): Reason {
  const { id, verdict, because } = policy.description;
  const indexes = evidence.flatMap((seen, index) => (isRead(policy, seen) ? [index] : []));
  return { policy: id, verdict, because, evidence: indexes };
}

/** Evidence a matched policy rests on: with the outcome it looks for, else whatever is not a pass. */
function isRead({ checks, tests, description }: ParsedPolicy, seen: Evidence): boolean {
  const check = checkIdOf(seen.source);
  if (!checks.has(check)) return false;
  const outcomes = tests.filter((test) => test.check === check).map(({ outcome }) => outcome);
  if (outcomes.length > 0) return outcomes.includes(seen.outcome);
  return (seen.outcome === "pass") === (description.verdict === "admit");
}

const unreadableReasons = ({ unreadable }: PolicyContext): Reason[] =>
  unreadable.length === 0
    ? []
    : [hold("unknown-evidence", "some evidence is of a kind that no policy here can read", unreadable)];

const hold = (policy: string, because: string, evidence: readonly number[]): Reason => ({
  policy,
  verdict: "hold",
  because,
  evidence,
});

const RANK: Record<Verdict, number> = { refuse: 0, hold: 1, admit: 2 };

const worstFirst = (a: Reason, b: Reason): number =>
  RANK[a.verdict] - RANK[b.verdict] || compare(a.policy, b.policy) || compare(a.because, b.because);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
