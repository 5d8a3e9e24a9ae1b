/** Asks every past decision again, and records what became worse. @module */

import type { PolicySet } from "@sallyport/core";
import type { CheckContext, Hunted, HuntRequest } from "@sallyport/gate";
import type { LedgerEntry } from "@sallyport/ledger";
import type { Home } from "./home.ts";
import { type HuntResult, Tally } from "./hunt-tally.ts";
import { type PolicyOptions, policyWith } from "./policy.ts";
import { version } from "./version.ts";

/** Few, because each brings its receipt along. */
const PAGE_ENTRIES = 100;
/** Recorded together, and how much they may have asked as JSON. */
const BATCH = 500;
const BATCH_CHARACTERS = 16 * 1024 * 1024;
/** Sets of switched-off defaults differ seldom; each is a policy set of its own. */
const MAX_POLICY_SETS = 64;

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
  const tally = new Tally();
  const seen = new Set<string>();
  const changes = new Batch();
  for (const { subjectId, decisionDigest, recordedAt } of newestFirst(home)) {
    if (!subjectId.startsWith("sha256:")) continue;
    if (seen.has(subjectId)) {
      tally.replaced += 1;
      continue;
    }
    seen.add(subjectId);
    const decision = home.ledger.decision(decisionDigest);
    if (decision === undefined) continue;
    const hunted = await huntOne({ digest: decisionDigest, recordedAt, decision });
    if (hunted.change === "same") tally.add(hunted, { byPolicy: false });
    else changes.add(hunted);
    if (changes.isFull) await settle(changes.take(), home, { options, tally });
    onProgress(seen.size);
  }
  await settle(changes.take(), home, { options, tally });
  return tally;
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

/** Changes that are recorded together: not many, and not many that asked much. */
class Batch {
  readonly #hunted: Hunted[] = [];
  #characters = 0;

  get isFull(): boolean {
    return this.#hunted.length >= BATCH || this.#characters >= BATCH_CHARACTERS;
  }

  add(hunted: Hunted): void {
    this.#hunted.push(hunted);
    for (const question of Object.values(hunted.decision.asked ?? {}))
      for (const value of Object.values(question)) this.#characters += JSON.stringify(value).length;
  }

  take(): readonly Hunted[] {
    this.#characters = 0;
    return this.#hunted.splice(0);
  }
}

/** Records what may be recorded, unless somebody judged the same bytes meanwhile: then that is the word that counts. */
async function settle(
  hunted: readonly Hunted[],
  { ledger }: Home,
  { options, tally }: { options: HuntOptions; tally: Tally },
): Promise<void> {
  const recordable = hunted.filter(
    (one) =>
      (one.change === "worse" || one.change === "released") &&
      !isOnlyByPolicy(one, options) &&
      ledger.latest(one.decision.subject.id)?.decisionDigest === one.past.digest,
  );
  const receipts = await ledger.recordAll(recordable.map(({ decision }) => decision));
  const places = new Map(recordable.map((one, at) => [one, Number(receipts[at]?.log.index)]));
  for (const one of hunted)
    tally.add(one, { entry: places.get(one), byPolicy: isOnlyByPolicy(one, options) });
}

/** Only the policies of this run say so, and they are not those that somebody chose for it. */
function isOnlyByPolicy({ byPolicy, missingPolicies, past, change }: Hunted, options: HuntOptions): boolean {
  if (!byPolicy) return false;
  // An older version did not write down whether there were others.
  const mayLack = past.decision.replay.addedPolicies === undefined && options.policy.length === 0;
  return missingPolicies.length > 0 || mayLack || (options.worldOnly && change === "worse");
}
