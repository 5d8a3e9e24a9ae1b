/** What this machine remembers of an artifact and of what it is compared with, as checks ask for it. @module */

import type { Baseline, Exception, Origin } from "@sallyport/gate";
import type { Home } from "./home.ts";
import type { Input } from "./inputs.ts";
import { markOfTheWeb } from "./mark-of-the-web.ts";

/** What we fetched ourselves we know best; then what the person says; then what a browser wrote beside it. */
export const originOf = async (input: Input, said: Origin | undefined): Promise<Origin | undefined> =>
  input.origin ?? said ?? (await markOfTheWeb(input.path));

/** The baseline with when, by whom and from where it was let in here. */
export async function withAdmission(baseline: Baseline, home: Home): Promise<Baseline> {
  const { ledger, store } = home;
  const last = ledger.latest(`sha256:${baseline.sha256}`);
  if (last?.verdict !== "admit") return baseline;
  const reasons = ledger.decision(last.decisionDigest)?.reasons ?? [];
  const wordGivenAt = await lastWordOn(baseline.sha256, home);
  return {
    ...baseline,
    admittedAt: last.recordedAt.toISOString(),
    // Whoever gave their word until a day does not answer for what follows after it.
    isAdmittedByPerson: wordGivenAt !== undefined && reasons.some(({ policy }) => policy === "exception"),
    // Where the same bytes were met later, nobody looked at when it was let in: everybody can copy them.
    origins: wordGivenAt === undefined ? [] : await store.originsOf(baseline.sha256, wordGivenAt),
  };
}

/** When a person last made an exception for these bytes that is in force. */
async function lastWordOn(sha256: string, { store, clock }: Home): Promise<Date | undefined> {
  const now = clock.now();
  const made = (await store.listExceptions()).filter(
    (one) => one.sha256 === sha256 && one.endedAt === undefined && one.until > now,
  );
  return made.map(({ madeAt }) => madeAt).sort((a, b) => b.getTime() - a.getTime())[0];
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
  const { distinctPeople } = await import("@sallyport/gate");
  return { ...made, owners: distinctPeople([...(stored?.owners ?? []), made.owner]) };
}
