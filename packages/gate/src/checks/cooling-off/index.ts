/**
 * Time for others to notice: a release waits before it is let in, counted from the first sight of exactly these bytes. The version's
 * own date would let a release in that was swapped yesterday.
 * @module
 */

import type { Known, Supplier, Witness } from "@sallyport/core";
import { TRUSTED } from "../../signatures/scheme.ts";
import type { Check, CheckContext, CheckResult, ExamineRequest } from "../check.ts";
import { claimOfRoot, claimToJson, member, readClaim } from "../claims.ts";
import { firstSupplier, readTexts, supplierNames } from "../suppliers.ts";
import { toldBy } from "../told-by.ts";

/** For suppliers that were named here without saying how long: 21 days had no margin in 2023, for the 3CX releases. */
export const DEFAULT_COOLING_OFF_DAYS = 28;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

export const coolingOff: Check = {
  id: "cooling-off",
  question: "Has the world had time to notice what may be wrong with it?",
  kind: "world",
  document: "docs/checks/cooling-off.md",
  policyFacts: { ageDays: "Long", requiredDays: "Long", since: "String" },
  recall: {
    ask: (request) => ({
      sha256: request.artifact.root.sha256,
      claim: claimToJson(claimOfRoot(request.artifact, request.context.label)),
      names: supplierNames(request),
      signedAt: signedAt(request) ?? "",
    }),
    async answer(stored, context) {
      if (context.intel === undefined) return { notChecked: "nothing that is known of suppliers is at hand" };
      const names = readTexts(member(stored, "names"));
      return judge(await firstSight(stored, context), names, await firstSupplier(names, context), context);
    },
  },
};

/** Proven by an authority over times, of a signature that covers these bytes. */
function signedAt({ artifact: { root } }: ExamineRequest): string | undefined {
  return root.signatures
    .filter(({ integrity, trust }) => integrity === "pass" && TRUSTED.has(trust))
    .flatMap(({ timestamp }) => (timestamp?.kind === "rfc3161" && timestamp.verified ? timestamp.at : []))
    .sort()[0];
}

interface Sight {
  readonly at: Date;
  /** As it ends a sentence. */
  readonly by: string;
}

/** The earliest of who saw these bytes: we, the authority that timed the signature, a list of packages. */
async function firstSight(stored: unknown, context: CheckContext): Promise<Sight> {
  const { clock, firstSeenAt, intel } = context;
  const sights: Sight[] = [{ at: firstSeenAt ?? clock.now(), by: "when they were first judged here" }];
  const timed = Date.parse(String(member(stored, "signedAt") ?? ""));
  if (!Number.isNaN(timed)) sights.push({ at: new Date(timed), by: "when their signature was timed" });
  const sha256 = member(stored, "sha256");
  if (typeof sha256 === "string" && intel !== undefined) {
    const { agree } = await intel.witnesses(sha256, readClaim(member(stored, "claim")));
    sights.push(...agree.map((known) => sightOf(known, context)));
  }
  const past = sights.filter(({ at }) => at <= clock.now());
  return past.sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? { at: clock.now(), by: "just now" };
}

function sightOf({ fact, snapshot }: Known<Witness>, { intel, clock }: CheckContext): Sight {
  const list = intel?.snapshots.find(({ id }) => id === snapshot);
  const at = new Date(fact.since);
  // A date that cannot be read proves nothing.
  return {
    at: Number.isNaN(at.getTime()) ? clock.now() : at,
    by: `when ${list?.title ?? "a list"} first had them`,
  };
}

function judge(
  { at, by }: Sight,
  names: readonly string[],
  supplier: Known<Supplier> | undefined,
  { clock, intel }: CheckContext,
): CheckResult {
  const ageDays = Math.floor((clock.now().getTime() - at.getTime()) / DAY_MILLISECONDS);
  const since = at.toISOString();
  const known = `${daysText(ageDays)}, since ${since.slice(0, 10)}, ${by}`;
  if (supplier === undefined) {
    const [name = "its maker"] = names;
    return {
      outcome: "pass",
      because: `these bytes are known for ${known}; no time of waiting is set here for ${name}`,
      facts: { ageDays, requiredDays: 0, since, isAskedFor: false },
    };
  }
  const { name, coolingOffDays: requiredDays = DEFAULT_COOLING_OFF_DAYS } = supplier.fact;
  const until = new Date(at.getTime() + requiredDays * DAY_MILLISECONDS).toISOString();
  const snapshot = intel?.snapshots.find(({ id }) => id === supplier.snapshot);
  const rule = `releases of ${name} wait ${daysText(requiredDays)}${snapshot === undefined ? "" : ` (${toldBy(snapshot)})`}`;
  const facts = { ageDays, requiredDays, since, until, supplier: name };
  return clock.now().getTime() >= Date.parse(until)
    ? { outcome: "pass", because: `these bytes are known for ${known}; ${rule}`, facts }
    : {
        outcome: "fail",
        because: `these bytes are known for ${known}; ${rule}, so until ${until.slice(0, 10)}`,
        facts,
      };
}

const daysText = (days: number): string => (days === 1 ? "1 day" : `${days} days`);
