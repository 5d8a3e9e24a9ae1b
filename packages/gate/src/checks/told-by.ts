/** Who says something, and how old it is: said wherever what a source knows is used. @module */

import type { Known, Snapshot } from "@sallyport/core";

/** @returns `Scoop buckets of 2026-11-20`, and that it is out of date where it is */
export function toldBy({ title, asOf, isStale }: Snapshot): string {
  const told = `${title} of ${asOf.slice(0, 10)}`;
  return isStale ? `${told}, which is out of date` : told;
}

/** @returns the snapshots that these facts stand in, each once, in their own order */
export function snapshotsOf(
  snapshots: readonly Snapshot[],
  known: readonly Known<unknown>[],
): readonly Snapshot[] {
  const ids = new Set(known.map(({ snapshot }) => snapshot));
  return snapshots.filter(({ id }) => ids.has(id));
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
