/** What is known, from whom, and of when. @module */

import type { IntelSource } from "../source.ts";
import type { StoredSnapshot } from "../store.ts";
import type { Surroundings } from "./ports.ts";
import { triesOf } from "./source-work.ts";
import type { Tries } from "./tries.ts";

export interface SourceStatus {
  readonly source: KnownSource;
  /** One for each part that was ever loaded; none when nothing was. */
  readonly snapshots: readonly StoredSnapshot[];
  readonly tries: Tries;
}

/** A source, or what is left of one that is no file's: the organisation's own entries. */
export type KnownSource = Pick<
  IntelSource,
  "id" | "title" | "answers" | "licence" | "authority" | "staleAfterDays"
> &
  Partial<Pick<IntelSource, "downloads" | "choice" | "shipped">>;

/** @returns one for each source, in the registry's order; then what stands here of no source that is known */
export async function statusOf(place: Surroundings): Promise<readonly SourceStatus[]> {
  const snapshots = place.base.snapshots();
  const tries = triesOf(place);
  const known = new Set(place.sources.map(({ id }) => id));
  const others = new Map(
    snapshots.filter((one) => !known.has(one.source)).map((one) => [one.source, { ...one, id: one.source }]),
  );
  return Promise.all(
    [...place.sources, ...others.values()].map(async (source) => ({
      source,
      snapshots: snapshots.filter((one) => one.source === source.id),
      tries: await tries.of(source.id),
    })),
  );
}
