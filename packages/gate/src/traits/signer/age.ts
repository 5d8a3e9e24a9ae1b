/** Files that were signed long before those they replace: an old release under a new name. Source: ATT&CK T1562.010. @module */

import type { CompareContext, Difference, Pair, Release } from "../trait.ts";
import { compareVersions, readVersion } from "../version/compare-versions.ts";
import { isUnchanged } from "./scene.ts";
import { intactSigners, type Signer } from "./signer.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Releases of an older branch come later than those of a newer one. */
const LONG = 60 * DAY;

interface Older {
  readonly path: string;
  readonly name: string;
  readonly was: number;
  readonly now: number;
}

/** Told once. Whoever takes one part back ships it as it was signed; nobody ships most of a release so. */
export function* findOlder(context: CompareContext): Generator<Difference & { readonly path: string }> {
  const inside = context.pairs.filter(({ after }) => after?.member.path !== "");
  const pairs = inside.some(isDated) ? inside : context.pairs;
  let dated = 0;
  const found: Older[] = [];
  for (const pair of pairs) {
    context.budget.checkTime();
    if (!isDated(pair)) continue;
    dated += 1;
    const older = olderOf(pair);
    if (older !== undefined) found.push(older);
  }
  const [first] = found;
  if (first === undefined) return;
  const isMost = found.length * 2 > dated && !saysItIsOlder(context);
  const others = found.length === 1 ? "" : `, as ${found.length - 1} others`;
  yield {
    rule: "signed-long-before",
    risk: isMost ? "high" : "low",
    because: `was signed by ${first.name} on ${shown(first.now)}, and what it replaces on ${shown(first.was)}${others}`,
    path: first.path,
    before: { text: shown(first.was) },
    after: { text: shown(first.now) },
    facts: { older: found.length, signed: dated },
  };
}

const shown = (at: number): string => new Date(at).toISOString().slice(0, 10);

function olderOf({ before, after }: Pair): Older | undefined {
  if (before === undefined || after === undefined || isUnchanged(before, after)) return undefined;
  const signers = intactSigners(before.member);
  for (const [key, signer] of intactSigners(after.member)) {
    const [was, now] = [timeOf(signers.get(key)), timeOf(signer)];
    if (was !== undefined && now !== undefined && now < was - LONG)
      return { path: after.member.path, name: signer.name, was, now };
  }
  return undefined;
}

const isDated = ({ after }: Pair): boolean =>
  after !== undefined && [...intactSigners(after.member).values()].some((one) => timeOf(one) !== undefined);

/** Of several signatures by one company the first counts. */
function timeOf(signer: Signer | undefined): number | undefined {
  const times = (signer?.reports ?? []).map(({ timestamp }) => Date.parse(timestamp?.at ?? ""));
  const known = times.filter((at) => !Number.isNaN(at));
  return known.length === 0 ? undefined : Math.min(...known);
}

/** That is the business of the versions' own trait. */
function saysItIsOlder({ before, after }: CompareContext): boolean {
  const [was, now] = [versionOf(before), versionOf(after)];
  return was !== undefined && now !== undefined && compareVersions(now, was) < 0;
}

const versionOf = ({ root }: Release): string | undefined => readVersion(root.member.identity?.version);
