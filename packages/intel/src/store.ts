/** Where facts are kept: a snapshot for each source, put in the place of its last one or not at all. @module */

import { type BulkDatabase, openBulk } from "@sallyport/store";
import type { Fact, FactKind } from "./fact.ts";
import { moveStaged, openStage } from "./store/facts.ts";
import { intelMigrations } from "./store/migrations.ts";
import type { SnapshotLoad } from "./store/snapshot.ts";
import {
  deleteFacts,
  deleteSnapshot,
  findSnapshot,
  placeSnapshot,
  putSnapshot,
  refuseReplay,
  type Staged,
} from "./store/snapshots.ts";
import { mergeWitnesses } from "./store/witness-merge.ts";
import { openWitnessStage } from "./store/witness-stage.ts";

export {
  everyFact,
  factAt,
  factsMentioning,
  findFacts,
  keysBeginning,
  keysOfKind,
  type StoredFact,
} from "./store/facts.ts";
export { bringKeysUpToDate } from "./store/keying.ts";
export { hasShipped, noteShipped } from "./store/shipping.ts";
export type {
  PlacedSnapshot,
  SnapshotLoad,
  SourceTerms,
  StoredFile,
  StoredSnapshot,
} from "./store/snapshot.ts";
export { listSnapshots, touchSnapshot } from "./store/snapshots.ts";

const LOAD_CACHE_BYTES = 16 * 1024 * 1024;
/** Another source may be putting ten million rows in their places. */
const WAIT_MILLISECONDS = 10 * 60_000;

/** @throws WorldError `world.home`, `world.store` */
export const openIntelFile = (file: string): BulkDatabase =>
  openBulk({ file, migrations: [intelMigrations] });

/** A connection of its own: what waits in it is seen by nobody else, and goes with it. */
const openForLoading = (file: string): BulkDatabase =>
  openBulk({
    file,
    migrations: [intelMigrations],
    cacheBytes: LOAD_CACHE_BYTES,
    waitMilliseconds: WAIT_MILLISECONDS,
  });

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
  const database = openForLoading(file);
  try {
    refuseReplay(load, findSnapshot(database, load.source.id, load.part ?? ""));
    const counts = await stageAll(database, reading);
    database.transaction(() => replace(database, load, counts));
  } finally {
    database.close();
  }
}

/** The same for facts that are at hand already, inside a transaction; of no more than one at a time on a connection. */
export function loadNow(database: BulkDatabase, load: SnapshotLoad, facts: readonly Fact[]): void {
  const stage = openStages(database);
  for (const fact of facts) stage.add(fact);
  replace(database, load, { ...stage.counts(), skipped: 0 });
  stage.close();
}

async function stageAll(database: BulkDatabase, { facts, skipped }: Reading): Promise<Staged> {
  // Only temporary tables are written, so nobody waits for this.
  database.execute("PRAGMA temp.journal_mode = OFF; BEGIN");
  const stage = openStages(database);
  for await (const fact of facts) stage.add(fact);
  database.execute("COMMIT");
  return { ...stage.counts(), skipped: skipped?.() ?? 0 };
}

function openStages(database: BulkDatabase) {
  const [stageFact, stageWitness] = [openStage(database), openWitnessStage(database)];
  const kinds = new Set<FactKind>();
  let rows = 0;
  return {
    add(fact: Fact): void {
      if (fact.kind === "witness") stageWitness(fact);
      else stageFact(fact);
      kinds.add(fact.kind);
      rows += 1;
    },
    counts: () => ({ kinds: [...kinds].sort(), rows }),
    close(): void {
      for (const table of ["staged_fact", "staged_key", "staged_package", "staged_witness"])
        database.execute(`DROP TABLE temp.${table}`);
    },
  };
}

function replace(database: BulkDatabase, load: SnapshotLoad, counts: Staged): void {
  const before = findSnapshot(database, load.source.id, load.part ?? "");
  refuseReplay(load, before);
  if (before !== undefined) deleteFacts(database, before);
  // What once stood there is still asked for: who was a witness stays one.
  const isWitness = [counts, before].some((reading) => reading?.kinds.includes("witness"));
  const kinds = counts.kinds.filter((kind) => kind !== "witness");
  const snapshot = putSnapshot(database, load, {
    ...counts,
    kinds: isWitness ? [...kinds, "witness"] : kinds,
  });
  placeSnapshot(database, snapshot, moveStaged(database, snapshot));
  if (isWitness)
    mergeWitnesses({ database, snapshot, source: load.source.id, fetchedAt: load.fetchedAt.toISOString() });
}

/** @returns whether there was one */
export function removeSnapshot(database: BulkDatabase, source: string, part: string): boolean {
  return database.transaction(() => {
    const before = findSnapshot(database, source, part);
    if (before !== undefined) deleteSnapshot(database, before);
    return before !== undefined;
  });
}
