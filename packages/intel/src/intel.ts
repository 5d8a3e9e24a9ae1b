/** What the world knows, opened: loads snapshots, and answers from them. @module */

import type { Clock, Intel } from "@sallyport/core";
import { answersFrom } from "./answers/answers.ts";
import type { Fact, FactKind } from "./fact.ts";
import {
  everyFact,
  listSnapshots,
  loadSnapshot,
  openIntelFile,
  type Reading,
  removeSnapshot,
  type SnapshotLoad,
  type StoredSnapshot,
  touchSnapshot,
} from "./store.ts";

export interface IntelBase {
  /**
   * Reads all facts, then puts them in the place of the last snapshot of the same source and part, all or nothing.
   * @throws FeedError `feed.replayed` when what is there is newer; whatever reading throws
   */
  load(load: SnapshotLoad, reading: Reading): Promise<StoredSnapshot>;
  /** What is there, source by source, with ages as of now. */
  snapshots(): readonly StoredSnapshot[];
  /** The publisher said that what is there is still its newest. @returns whether there is one */
  touch(source: string, part?: string): boolean;
  /** @returns whether there was one */
  remove(source: string, part?: string): boolean;
  /** Answers from the facts as they are now; later loads do not change them. Good until this is closed. */
  answers(): Intel;
  /** Every fact of a kind that is read all together: rules, trust, fixes. */
  every<Kind extends FactKind>(kind: Kind): Iterable<EveryFact<Kind>>;
  close(): void;
}

export interface EveryFact<Kind extends FactKind> {
  readonly fact: Extract<Fact, { kind: Kind }>;
  readonly snapshot: StoredSnapshot;
}

/**
 * @param options.file - `<home>/intel.db`; made when it is not there
 * @throws WorldError `world.home`, `world.store`
 */
export async function openIntel({ file, clock }: { file: string; clock: Clock }): Promise<IntelBase> {
  const database = openIntelFile(file);
  const views: { close(): void }[] = [];
  const snapshots = () => listSnapshots(database, clock.now());
  return {
    async load(load, reading) {
      await loadSnapshot(file, load, reading);
      const stored = snapshots().find(
        ({ source, part }) => source === load.source.id && part === (load.part ?? ""),
      );
      if (stored === undefined) throw new Error("a snapshot that was just stored is gone");
      return stored;
    },
    snapshots,
    touch: (source, part = "") => touchSnapshot(database, source, part, clock.now()),
    remove: (source, part = "") => removeSnapshot(database, source, part),
    answers() {
      const view = openIntelFile(file);
      views.push(view);
      view.standStill();
      return answersFrom({ database: view, snapshots: listSnapshots(view, clock.now()) });
    },
    every: (kind) => everyFact(database, snapshots(), kind),
    close() {
      for (const view of views.splice(0)) view.close();
      database.close();
    },
  };
}
