/** What asking again brought, in so little that a hundred thousand changes fit into memory. @module */

import { type Decision, type Evidence, type Subject, type Verdict, worseVerdict } from "@sallyport/core";
import type { Hunted } from "@sallyport/gate";

/** A verdict that would be another today. */
export interface Told {
  readonly change: Hunted["change"];
  readonly subject: Subject;
  readonly before: Verdict;
  readonly verdict: Verdict;
  /** Digest of the past decision, and when that was recorded. */
  readonly supersedes: string;
  readonly decidedAt: Date;
  readonly reasons: Decision["reasons"];
  /** What was not seen before; the first of it. */
  readonly news: readonly Evidence[];
  /** Place of the new decision in the log; absent when it is not recorded. */
  readonly entry?: number;
}

export interface Listing {
  readonly count: number;
  /** The first of them. */
  readonly told: readonly Told[];
}

/** Decisions that one reason keeps from being asked. */
export interface Unanswered {
  readonly count: number;
  /** The first of them. */
  readonly subjects: readonly Subject[];
}

export interface HuntResult {
  /** Artifacts with a decision; each is asked by its last one. */
  readonly decisions: number;
  /** Decisions that a later one about the same bytes had replaced. */
  readonly replaced: number;
  readonly same: number;
  readonly worse: Listing;
  /** What waited long enough. */
  readonly released: Listing;
  /** Of what became worse, the worst verdict it has now. */
  readonly worst: Verdict | undefined;
  /** Not recorded: another verdict only by policies that differ from those it was made with. */
  readonly byPolicy: Listing;
  /** A person's to give. */
  readonly proposed: Listing;
  /** Decisions whose policies were not given, and some of these policies. */
  readonly withoutTheirPolicies: { readonly decisions: number; readonly policies: ReadonlySet<string> };
  /** Cannot be told without the file, by the sentence that says why. */
  readonly unanswered: ReadonlyMap<string, Unanswered>;
  /** How many decisions these are. */
  readonly unansweredCount: number;
}

/** Kept of one kind, or of one reason; the count tells the rest. */
const MAX_KEPT = 1000;
const MAX_NEWS = 20;
const MAX_POLICIES = 20;

class Counted implements Listing {
  count = 0;
  readonly told: Told[] = [];

  add(hunted: Hunted, entry?: number): void {
    this.count += 1;
    if (this.told.length < MAX_KEPT) this.told.push(tell(hunted, entry));
  }
}

export class Tally implements HuntResult {
  decisions = 0;
  replaced = 0;
  same = 0;
  unansweredCount = 0;
  worst: Verdict | undefined;
  readonly worse = new Counted();
  readonly released = new Counted();
  readonly byPolicy = new Counted();
  readonly proposed = new Counted();
  readonly withoutTheirPolicies = { decisions: 0, policies: new Set<string>() };
  readonly unanswered = new Map<string, { count: number; readonly subjects: Subject[] }>();

  /** @param asked.entry - where it was recorded; @param asked.byPolicy - nothing but the policies of this run speaks for it */
  add(
    hunted: Hunted,
    { entry, byPolicy }: { readonly entry?: number | undefined; readonly byPolicy: boolean },
  ): void {
    this.decisions += 1;
    this.#addGaps(hunted);
    const { change, decision } = hunted;
    if (entry !== undefined) {
      (change === "released" ? this.released : this.worse).add(hunted, entry);
      if (change === "worse") this.worst = worseVerdict(this.worst ?? "admit", decision.verdict);
    } else if (change === "same") this.same += 1;
    else if (byPolicy) this.byPolicy.add(hunted);
    else if (change === "worse")
      // Somebody judged the same bytes meanwhile.
      this.same += 1;
    else this.proposed.add(hunted);
  }

  #addGaps({ past, unanswered, missingPolicies }: Hunted): void {
    if (missingPolicies.length > 0) this.withoutTheirPolicies.decisions += 1;
    for (const id of missingPolicies)
      if (this.withoutTheirPolicies.policies.size < MAX_POLICIES) this.withoutTheirPolicies.policies.add(id);
    if (unanswered.length > 0) this.unansweredCount += 1;
    for (const { check, because } of unanswered) {
      const key = `${check}: ${because}`;
      const kept = this.unanswered.get(key) ?? { count: 0, subjects: [] };
      kept.count += 1;
      if (kept.subjects.length < MAX_KEPT) kept.subjects.push(past.decision.subject);
      this.unanswered.set(key, kept);
    }
  }
}

const tell = ({ change, past, decision, news }: Hunted, entry: number | undefined): Told => ({
  change,
  subject: decision.subject,
  before: past.decision.verdict,
  verdict: decision.verdict,
  supersedes: past.digest,
  decidedAt: past.recordedAt,
  reasons: decision.reasons,
  news: news.slice(0, MAX_NEWS),
  ...(entry !== undefined && { entry }),
});
