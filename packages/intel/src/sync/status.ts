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

/** Takes away what a source, or a part of it, said. @returns how many parts were taken away */
export function forget(source: IntelSource, part: string | undefined, { base }: Surroundings): number {
  const parts = base.snapshots().filter((one) => one.source === source.id);
  const meant = parts.filter((one) => part === undefined || one.part === part);
  return meant.filter((one) => base.remove(source.id, one.part)).length;
}
