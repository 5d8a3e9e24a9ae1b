/** Where facts are kept: a snapshot for each source, put in the place of its last one or not at all. @module */

import { type BulkDatabase, openBulk } from "@sallyport/store";
import type { Fact, FactKind } from "./fact.ts";
import { moveStaged, openStage } from "./store/facts.ts";
import { intelMigrations } from "./store/migrations.ts";
import type { SnapshotLoad } from "./store/snapshot.ts";
import {
  deleteSnapshot,
  findSnapshot,
  insertSnapshot,
  placeSnapshot,
  refuseReplay,
} from "./store/snapshots.ts";

export { everyFact, findFacts, type StoredFact } from "./store/facts.ts";
export type { PlacedSnapshot, SnapshotLoad, StoredFile, StoredSnapshot } from "./store/snapshot.ts";
export { listSnapshots, touchSnapshot } from "./store/snapshots.ts";

const LOAD_CACHE_BYTES = 64 * 1024 * 1024;

/** @throws WorldError `world.home`, `world.store` */
export const openIntelFile = (file: string, cacheBytes?: number): BulkDatabase =>
  openBulk({ file, migrations: [intelMigrations], ...(cacheBytes === undefined ? {} : { cacheBytes }) });

/** Facts as a source reads them, and how many rows it left out; known when the last fact was read. */
export interface Reading {
  readonly facts: AsyncIterable<Fact> | Iterable<Fact>;
  readonly skipped?: () => number;
}

/**
 * Reads everything first, then replaces the last snapshot of the same source and part in one transaction: when reading
 * fails, the last one stays.
 * @throws FeedError `feed.replayed` when the one that is there is newer; whatever reading throws
 */
export async function loadSnapshot(file: string, load: SnapshotLoad, reading: Reading): Promise<void> {
  // A connection of its own: what waits in it is seen by nobody else, and goes with it.
  const database = openIntelFile(file, LOAD_CACHE_BYTES);
  try {
    refuseReplay(load, findSnapshot(database, load.source.id, load.part ?? ""));
    const stage = openStage(database);
    const kinds = new Set<FactKind>();
    let rows = 0;
    for await (const fact of reading.facts) {
      stage(fact);
      kinds.add(fact.kind);
      rows += 1;
    }
    const staged = { kinds: [...kinds].sort(), rows, skipped: reading.skipped?.() ?? 0 };
    database.transaction(() => {
      const before = findSnapshot(database, load.source.id, load.part ?? "");
      refuseReplay(load, before);
      if (before !== undefined) deleteSnapshot(database, before);
      const number = insertSnapshot(database, load, staged);
      placeSnapshot(database, number, moveStaged(database, number));
    });
  } finally {
    database.close();
  }
}

/** @returns whether there was one */
export function removeSnapshot(database: BulkDatabase, source: string, part: string): boolean {
  return database.transaction(() => {
    const before = findSnapshot(database, source, part);
    if (before !== undefined) deleteSnapshot(database, before);
    return before !== undefined;
  });
}
