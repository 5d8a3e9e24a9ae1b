/** What this machine remembers of an artifact and of what it is compared with, as checks ask for it. @module */

import type { Baseline, Exception, Origin } from "@sallyport/gate";
import type { Home } from "./home.ts";
import type { Input } from "./inputs.ts";
import { markOfTheWeb } from "./mark-of-the-web.ts";

/** What we fetched ourselves we know best; then what the person says; then what a browser wrote beside it. */
export const originOf = async (input: Input, said: Origin | undefined): Promise<Origin | undefined> =>
  input.origin ?? said ?? (await markOfTheWeb(input.path));

/** The baseline with when, by whom and from where it was let in here. */
export async function withAdmission(baseline: Baseline, { ledger, store }: Home): Promise<Baseline> {
  const last = ledger.latest(`sha256:${baseline.sha256}`);
  if (last?.verdict !== "admit") return baseline;
  const reasons = ledger.decision(last.decisionDigest)?.reasons ?? [];
  return {
    ...baseline,
    admittedAt: last.recordedAt.toISOString(),
    isAdmittedByPerson: reasons.some(({ policy }) => policy === "exception"),
    origins: await store.originsOf(baseline.sha256),
  };
}

/**
 * The exception for these bytes, with everybody who made one.
 * @param made - the one that is being made now
 */
export async function exceptionFor(
  sha256: string,
  made: Exception | undefined,
  { store, clock }: Home,
): Promise<Exception | undefined> {
  const stored = await store.exceptionFor(sha256, clock.now());
  if (made === undefined) return stored;
  const key = (owner: string) => owner.normalize("NFKC").trim().toLowerCase();
  const others = (stored?.owners ?? []).filter((owner) => key(owner) !== key(made.owner));
  return { ...made, owners: [...others, made.owner] };
}
