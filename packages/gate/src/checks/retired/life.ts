/** Where something stands in its life, by the word that counts most. @module */

import type { Authority, Intel, Known, Lifecycle, Snapshot } from "@sallyport/core";

export type Phase = "retired" | "end-of-life" | "no-security-fixes" | "near" | "supported";

export interface Life {
  readonly phase: Phase;
  /** The day, month or year that decides; absent where only the fact is known, or where nothing is set. */
  readonly date?: string;
  readonly known: Known<Lifecycle>;
  readonly snapshot: Snapshot;
  /** Sources of less weight that say otherwise, as a sentence for people. */
  readonly others: readonly string[];
}

/** So many days before an end it is told. */
export const NEAR_DAYS = 90;
const DAY_MILLISECONDS = 86_400_000;
const GRAVITY: Record<Phase, number> = {
  retired: 4,
  "end-of-life": 3,
  "no-security-fixes": 2,
  near: 1,
  supported: 0,
};
const RANK: Record<Authority, number> = { organisation: 2, supplier: 1, public: 0 };

export const isOver = ({ phase }: Life): boolean => GRAVITY[phase] >= GRAVITY["no-security-fixes"];

/** @returns undefined when nothing certain is known of it */
export function lifeOf(
  known: readonly Known<Lifecycle>[],
  snapshots: Intel["snapshots"],
  now: Date,
): Life | undefined {
  const bySnapshot = new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  const certain = known.flatMap((one) => {
    const snapshot = bySnapshot.get(one.snapshot);
    return one.match === "certain" && snapshot !== undefined ? [{ known: one, snapshot }] : [];
  });
  const best = Math.max(...certain.map(({ snapshot }) => RANK[snapshot.authority]));
  const lives = mostExact(certain).map((one) => ({ ...one, ...phaseOf(one.known.fact, now), others: [] }));
  const counting = lives.filter(({ snapshot }) => RANK[snapshot.authority] === best);
  const [gravest] = counting.sort((a, b) => GRAVITY[b.phase] - GRAVITY[a.phase]);
  if (gravest === undefined) return undefined;
  const others = lives
    .filter(({ snapshot, phase }) => RANK[snapshot.authority] < best && phase !== gravest.phase)
    .map(({ snapshot, phase }) => `${snapshot.title} says ${phase}`);
  return { ...gravest, others: [...new Set(others)] };
}

/** Of several lines of one product that a version falls into, the longest: 3.11 and not 3. */
function mostExact<Entry extends { readonly known: Known<Lifecycle>; readonly snapshot: Snapshot }>(
  entries: readonly Entry[],
): readonly Entry[] {
  const groups = Map.groupBy(entries, ({ known, snapshot }) =>
    JSON.stringify([snapshot.id, known.fact.vendor, known.fact.product]),
  );
  return [...groups.values()].flatMap((group) => {
    const longest = Math.max(...group.map(({ known }) => known.fact.release?.length ?? 0));
    return group.filter(
      ({ known: { fact } }) => fact.release === undefined || fact.release.length === longest,
    );
  });
}

function phaseOf(fact: Lifecycle, now: Date): { readonly phase: Phase; readonly date?: string } {
  const { retiredOn, endOfLife, endOfSecuritySupport } = fact;
  const over: readonly (readonly [Phase, string | true | undefined])[] = [
    ["retired", retiredOn],
    ["end-of-life", endOfLife],
    ["no-security-fixes", endOfSecuritySupport],
  ];
  for (const [phase, date] of over) {
    if (date === true) return { phase };
    if (date !== undefined && daysUntil(date, now) < 0) return { phase, date };
  }
  const ends = over.flatMap(([, date]) => (typeof date === "string" ? [date] : []));
  const [next] = ends.sort((a, b) => daysUntil(a, now) - daysUntil(b, now));
  if (next === undefined) return { phase: "supported" };
  return { phase: daysUntil(next, now) <= NEAR_DAYS ? "near" : "supported", date: next };
}

/**
 * Whole days to the last day that is meant: of a month its last, of a year the 31 December. Negative when it is past, and
 * infinite for what is no date.
 */
export function daysUntil(date: string, now: Date): number {
  const [year = Number.NaN, month, day] = date.split("-").map(Number);
  const last = day === undefined ? Date.UTC(year, month ?? 12, 0) : Date.UTC(year, (month ?? 1) - 1, day);
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return Number.isNaN(last) ? Number.POSITIVE_INFINITY : Math.round((last - today) / DAY_MILLISECONDS);
}
