/** Which behaviours a member gained, and how much that says. @module */

import { type FileKind, type GainRisk, NAMES } from "../../rules/behaviours/behaviour.ts";
import { behaviours as table } from "../../rules/behaviours/registry.ts";
import {
  type CompareContext,
  type Difference,
  observed,
  type Pair,
  type Release,
  type Trait,
} from "../trait.ts";
import type { Behaving, Done } from "./observed.ts";

/** Rule of the difference that several gains are together. */
export const SEVERAL = "several-behaviours";

type Known = Pick<Trait<Behaving>, "id">;

interface Gain {
  readonly done: Done;
  readonly risk: GainRisk;
  readonly does: string;
}

/** Several of these at once, in what is no program of its own, are no ordinary growth. */
const MANY_GAINS = 3;
const LOWERED: Readonly<Record<GainRisk, GainRisk>> = {
  high: "medium",
  medium: "low",
  low: "info",
  info: "info",
};

/** @param trait - whose values the portraits hold */
export function* compareGains(
  trait: Known,
  pair: Pair,
  { before, budget }: CompareContext,
): Generator<Difference> {
  budget.checkTime();
  const after = observed<Behaving>(pair.after, trait);
  if (after === undefined || after.does.length === 0 || wasUnseen(pair, trait, after.kind)) return;
  const had = new Map(observed<Behaving>(pair.before, trait)?.does.map((done) => [done.id, done]));
  const elsewhere = behavioursOf(before, trait);
  const gains: Gain[] = [];
  for (const { id, does, gained } of table) {
    const done = after.does.find((one) => one.id === id);
    if (done === undefined) continue;
    const earlier = had.get(id);
    if (earlier !== undefined) yield* compareWays(done, earlier, does);
    else {
      const isKnown = elsewhere.has(keyOf(after.kind, id));
      gains.push({ done, does, risk: weigh(gained[after.kind], isKnown, pair) });
    }
  }
  for (const gain of gains) yield differenceOf(gain, pair, after.kind);
  yield* severalOf(gains, after.kind);
}

/** What was there before and could not be looked at: nothing can be told of gains. Data that does nothing has no value. */
const wasUnseen = ({ before, after }: Pair, trait: Known, kind: FileKind): boolean =>
  before !== undefined &&
  before.value(trait.id) === undefined &&
  kind !== "data" &&
  before.member.format === after?.member.format;

/** Files are split and renamed in every release: what one of this kind did before already is less of a gain. */
function weigh(risk: GainRisk, isKnown: boolean, { before }: Pair): GainRisk {
  if (!isKnown) return risk;
  return before === undefined ? LOWERED[LOWERED[risk]] : LOWERED[risk];
}

function differenceOf({ done, does, risk }: Gain, { before }: Pair, kind: FileKind): Difference {
  const because =
    before === undefined
      ? `the new ${NAMES[kind]} ${does}`
      : `the ${NAMES[kind]} ${does}, which it did not before`;
  return { rule: done.id, risk, because, after: excerptOf(done), facts: { patterns: [...done.patterns] } };
}

function* compareWays(done: Done, earlier: Done, does: string): Generator<Difference> {
  const fresh = done.patterns.filter((pattern) => !earlier.patterns.includes(pattern));
  if (fresh.length === 0) return;
  yield {
    rule: done.id,
    risk: "info",
    because: `${does} as before, and shows further signs of it`,
    before: excerptOf(earlier),
    after: excerptOf(done),
    facts: { patterns: fresh },
  };
}

function* severalOf(gains: readonly Gain[], kind: FileKind): Generator<Difference> {
  const telling = gains.filter(({ risk }) => risk === "medium" || risk === "high");
  if (kind === "program" || telling.length < MANY_GAINS) return;
  yield {
    rule: SEVERAL,
    risk: "high",
    because: `the ${NAMES[kind]} gained ${telling.length} behaviours at once that are unusual for it`,
    facts: { behaviours: telling.map(({ done }) => done.id) },
  };
}

const excerptOf = ({ offsetBytes, hex, text }: Done) => ({ offsetBytes, hex, text });

const keyOf = (kind: FileKind, id: string): string => `${kind} ${id}`;

const known = new WeakMap<Release, ReadonlySet<string>>();

/** Everything that any member of a release did, by kind of file. */
function behavioursOf(release: Release, trait: Known): ReadonlySet<string> {
  const seen = known.get(release);
  if (seen !== undefined) return seen;
  const keys = new Set<string>();
  for (const member of release.members) {
    const value = observed<Behaving>(member, trait);
    for (const { id } of value?.does ?? []) keys.add(keyOf(value?.kind ?? "data", id));
  }
  known.set(release, keys);
  return keys;
}
