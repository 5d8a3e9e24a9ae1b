/** Asks every past decision again, and records what became worse. @module */

import type { PolicySet, Subject } from "@sallyport/core";
import type { CheckContext, Hunted, HuntRequest, PastDecision } from "@sallyport/gate";
import type { LedgerEntry } from "@sallyport/ledger";
import type { Home } from "./home.ts";
import { type PolicyOptions, policyWith } from "./policy.ts";
import { version } from "./version.ts";

/** Few, because each brings its receipt along. */
const PAGE_ENTRIES = 100;
/** Recorded together. */
const BATCH = 500;
/** Sets of switched-off defaults differ seldom; each is a policy set of its own. */
const MAX_POLICY_SETS = 64;

export interface HuntResult {
  /** Artifacts with a decision; each is asked by its last one. */
  readonly decisions: number;
  /** Decisions that a later one about the same bytes had replaced. */
  readonly replaced: number;
  readonly same: number;
  /** Recorded, with the new receipt's place in the log. */
  readonly recorded: readonly Recorded[];
  /** Not recorded: worse only by policies that differ from those it was made with. */
  readonly byPolicy: readonly Hunted[];
  /** A person's to give. */
  readonly proposed: readonly Hunted[];
  /** Cannot be told without the file, by the sentence that says why. */
  readonly unanswered: ReadonlyMap<string, readonly Subject[]>;
  /** How many decisions these are. */
  readonly unansweredCount: number;
}

export interface Recorded {
  readonly hunted: Hunted;
  /** Index in the log. */
  readonly index: number;
}

/** Shown of one reason; the count tells the rest. */
const MAX_KEPT = 1000;

export interface HuntOptions extends PolicyOptions {
  /** Nobody chose the policies of this run: what differs by them alone is told, and not recorded. */
  readonly worldOnly: boolean;
}

/**
 * @param onProgress - told how many are done
 * @throws WorldError `world.ledger`, `world.store`, UsageError `usage.policy`
 */
export async function hunt(
  home: Home,
  options: HuntOptions,
  onProgress: (done: number) => void = () => undefined,
): Promise<HuntResult> {
  const { hunter } = await import("@sallyport/gate");
  const huntOne = hunter(await requestFor(home, options));
  const result = new Tally();
  const seen = new Set<string>();
  const changes: Hunted[] = [];
  for (const entry of newestFirst(home)) {
    if (!entry.subjectId.startsWith("sha256:")) continue;
    if (seen.has(entry.subjectId)) {
      result.replaced += 1;
      continue;
    }
    seen.add(entry.subjectId);
    const decision = home.ledger.decision(entry.decisionDigest);
    if (decision === undefined) continue;
    const past: PastDecision = { digest: entry.decisionDigest, recordedAt: entry.recordedAt, decision };
    const hunted = await huntOne(past);
    changes.push(hunted);
    if (changes.length >= BATCH) await settle(changes.splice(0), home, { options, result });
    onProgress(seen.size);
  }
  await settle(changes, home, { options, result });
  return result;
}

/** What is recorded meanwhile comes before where we began, and is not met. */
function* newestFirst({ ledger }: Home): Generator<LedgerEntry> {
  let before: number | undefined;
  for (;;) {
    const page = ledger.list({ limit: PAGE_ENTRIES, ...(before !== undefined && { before }) });
    yield* page;
    before = page.at(-1)?.index;
    if (before === undefined || before === 0) return;
  }
}

async function requestFor(home: Home, options: HuntOptions): Promise<HuntRequest> {
  const { rememberingIntel } = await import("@sallyport/gate");
  const intel = rememberingIntel(await home.answers());
  const now = home.clock.now();
  const excepted = new Set((await home.store.listExceptions()).map(({ sha256 }) => sha256));
  const acceptedSigners = await home.store.acceptedSigners(now);
  const policyFor = await policiesOf(options);
  return {
    now,
    engineVersion: version,
    policyFor,
    async contextFor({ decision: { subject, asked }, recordedAt }): Promise<CheckContext> {
      const sha256 = subject.id.slice("sha256:".length);
      // Only who waits asks how long.
      const firstSeenAt = asked?.["cooling-off"] && (await home.store.firstSeenAt(sha256));
      return {
        clock: home.clock,
        label: subject.label,
        expectedHash: undefined,
        published: undefined,
        acceptedSigners,
        exception: excepted.has(sha256) ? await home.store.exceptionFor(sha256, now) : undefined,
        intel,
        firstSeenAt: firstSeenAt ?? recordedAt,
      };
    },
  };
}

/** Today's policies, without what a decision was made without; a default that is no more switches nothing off. */
async function policiesOf(options: PolicyOptions): Promise<HuntRequest["policyFor"]> {
  const whole = await policyWith(options, "long");
  const known = new Set([...whole.policies.map(({ id }) => id), ...whole.withoutDefaults]);
  const sets = new Map<string, Promise<PolicySet>>();
  return (withoutDefaults) => {
    const without = [...new Set([...options.withoutDefault, ...withoutDefaults])].filter((id) =>
      known.has(id),
    );
    const key = without.sort().join(" ");
    const found = sets.get(key);
    if (found !== undefined) return found;
    if (sets.size >= MAX_POLICY_SETS) sets.clear();
    const loading = policyWith({ policy: options.policy, withoutDefault: without }, "long");
    sets.set(key, loading);
    return loading;
  };
}

/** Records what may be recorded, unless somebody judged the same bytes meanwhile: then that is the word that counts. */
async function settle(
  hunted: readonly Hunted[],
  { ledger }: Home,
  { options, result }: { options: HuntOptions; result: Tally },
): Promise<void> {
  const recordable = hunted.filter(
    ({ change, byPolicy, decision, past }) =>
      (change === "worse" || change === "released") &&
      !(options.worldOnly && byPolicy) &&
      ledger.latest(decision.subject.id)?.decisionDigest === past.digest,
  );
  const receipts = await ledger.recordAll(recordable.map(({ decision }) => decision));
  const places = new Map(recordable.map((one, at) => [one, Number(receipts[at]?.log.index)]));
  for (const one of hunted) result.add(one, places.get(one));
}

class Tally implements HuntResult {
  decisions = 0;
  replaced = 0;
  same = 0;
  unansweredCount = 0;
  readonly recorded: Recorded[] = [];
  readonly byPolicy: Hunted[] = [];
  readonly proposed: Hunted[] = [];
  readonly unanswered = new Map<string, Subject[]>();

  add(hunted: Hunted, index: number | undefined): void {
    const { change, past, unanswered } = hunted;
    this.decisions += 1;
    if (index !== undefined) this.recorded.push({ hunted, index });
    else if (change === "worse" && hunted.byPolicy) this.byPolicy.push(hunted);
    else if (change === "better" || change === "released") this.proposed.push(hunted);
    else this.same += 1;
    if (unanswered.length > 0) this.unansweredCount += 1;
    for (const { check, because } of unanswered) {
      const key = `${check}: ${because}`;
      const kept = this.unanswered.get(key) ?? [];
      if (kept.length < MAX_KEPT) kept.push(past.decision.subject);
      this.unanswered.set(key, kept);
    }
  }
}
