/** What is known, from whom, and of when. @module */

import type { IntelSource } from "../source.ts";
import type { StoredSnapshot } from "../store.ts";
import type { Surroundings } from "./ports.ts";
import { triesOf } from "./source-work.ts";
import type { Tries } from "./tries.ts";

export interface SourceStatus {
  readonly source: IntelSource;
  /** One for each part that was ever loaded; none when nothing was. */
  readonly snapshots: readonly StoredSnapshot[];
  readonly tries: Tries;
}

/** @returns one for each source, in the registry's order */
export async function statusOf(place: Surroundings): Promise<readonly SourceStatus[]> {
  const snapshots = place.base.snapshots();
  const tries = triesOf(place);
  return Promise.all(
    place.sources.map(async (source) => ({
      source,
      snapshots: snapshots.filter((one) => one.source === source.id),
      tries: await tries.of(source.id),
    })),
  );
}
