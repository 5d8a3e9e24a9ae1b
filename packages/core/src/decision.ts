/** What we answer. @module */

import type { Evidence, NotChecked } from "./evidence.ts";
import type { JsonObject } from "./json.ts";
import type { Subject } from "./subject.ts";

export type Verdict = "admit" | "hold" | "refuse";

const SEVERITY: Record<Verdict, number> = { admit: 0, hold: 1, refuse: 2 };

/** The worse of two verdicts: refuse, then hold, then admit. */
export const worseVerdict = (a: Verdict, b: Verdict): Verdict => (SEVERITY[a] >= SEVERITY[b] ? a : b);

/** Why a verdict came out: the policy that said so and the evidence it read. */
export interface Reason {
  /** The policy's `@id`. */
  readonly policy: string;
  readonly verdict: Verdict;
  readonly because: string;
  /** Indexes into the decision's evidence. */
  readonly evidence: readonly number[];
}

/** A verdict with everything that is needed to reach it again. */
export interface Decision {
  readonly subject: Subject;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly evidence: readonly Evidence[];
  readonly notChecked: readonly NotChecked[];
  /** What was asked of the world, by check: with it the same is asked again when the world knows more. */
  readonly asked?: Asked;
  readonly replay: ReplayFacts;
}

export type Asked = Readonly<Record<string, JsonObject>>;

/** What, beside the evidence, a decision depended on. */
export interface ReplayFacts {
  /** ISO 8601, UTC. */
  readonly now: string;
  /** SHA-256 over the policy texts in use, hex. */
  readonly policyHash: string;
  /** Default policies that were switched off. */
  readonly withoutDefaults: readonly string[];
  /** Ids of the policies that the organisation added, sorted; absent in decisions of older versions. */
  readonly addedPolicies?: readonly string[];
  readonly snapshotIds: readonly string[];
  /** SHA-256 of the trust-anchor set, hex. */
  readonly anchorSetHash: string;
  readonly engineVersion: string;
  /** SHA-256, hex, of the decision that was asked again, when this one came of it. */
  readonly supersedes?: string;
}
