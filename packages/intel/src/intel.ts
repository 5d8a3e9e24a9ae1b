/** What the world knows, opened: loads snapshots, and answers from them. @module */

import assert from "node:assert/strict";
import { dirname } from "node:path";
import type { Clock, Intel } from "@sallyport/core";
import type { BulkDatabase } from "@sallyport/store";
import { answersFrom } from "./answers/answers.ts";
import type { Fact, FactKind } from "./fact.ts";
import type { Lookup } from "./lookup/lookup.ts";
import { type Organisation, organisationOf } from "./organisation/organisation.ts";
import type { IntelSource } from "./source.ts";
import {
  bringKeysUpToDate,
  everyFact,
  hasShipped,
  listSnapshots,
  loadSnapshot,
  noteShipped,
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
  /** Everything that is known of a hash, CVE, package URL, CPE, domain, address or name. */
  lookUp(query: string): Promise<Lookup>;
  /** What people here enter. */
  readonly organisation: Organisation;
  close(): void;
}

export interface EveryFact<Kind extends FactKind> {
  readonly fact: Extract<Fact, { kind: Kind }>;
  readonly snapshot: StoredSnapshot;
}

export interface IntelOptions {
  /** `<home>/intel.db`; made when it is not there. */
  readonly file: string;
  readonly clock: Clock;
  /** Those of which the program brings data are loaded; all that there are by default. */
  readonly sources?: readonly IntelSource[];
  /**
   * The program's version. What it brings is looked at once for each of them, so that a check need not load every source;
   * without it, always.
   */
  readonly edition?: string;
}

/**
 * Opens it, with the data sets that come with the program inside.
 * @throws WorldError `world.home`, `world.store`
 */
export async function openIntel({ file, clock, sources, edition }: IntelOptions): Promise<IntelBase> {
  const database = openKeyed(file);
  const base = baseOver(database, file, clock);
  try {
    if (edition !== undefined && hasShipped(database, edition)) return base;
    const known = sources ?? (await import("./sources/registry.ts")).sources;
    const { loadShipped } = await import("./shipped.ts");
    await loadShipped(base, known, { clock, folder: dirname(file) });
    if (edition !== undefined) noteShipped(database, edition);
    return base;
  } catch (error) {
    base.close();
    throw error;
  }
}

function baseOver(database: BulkDatabase, file: string, clock: Clock): IntelBase {
  const views: { close(): void }[] = [];
  const snapshots = () => listSnapshots(database, clock.now());
  return {
    async load(load, reading) {
      await loadSnapshot(file, load, reading);
      const stored = snapshots().find(
        ({ source, part }) => source === load.source.id && part === (load.part ?? ""),
      );
      assert(stored !== undefined, "a snapshot that was just stored is there");
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
    async lookUp(query) {
      const { lookUp } = await import("./lookup/lookup.ts");
      return lookUp({ database, snapshots: snapshots() }, query);
    },
    organisation: organisationOf(database, clock),
    every: (kind) => everyFact(database, snapshots(), kind),
    close() {
      for (const view of views.splice(0)) view.close();
      database.close();
    },
  };
}

function openKeyed(file: string): BulkDatabase {
  const database = openIntelFile(file);
  try {
    bringKeysUpToDate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
