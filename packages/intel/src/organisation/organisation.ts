/**
 * The organisation's own word: what people here enter, each with who, why and when. It counts before everybody else's, is
 * one source among the others, and what was taken back stays on record.
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { type Clock, type Topic, UsageError } from "@sallyport/core";
import type { BulkDatabase } from "@sallyport/store";
import {
  type Entry,
  type EntryFact,
  endEntry,
  insertEntry,
  listEntries,
  type Removal,
} from "../store/entries.ts";
import { loadNow, type SourceTerms } from "../store.ts";

const MAX_TEXT_CHARACTERS = 1_000;
const ID_BYTES = 4;

/** What a kind of entry answers. */
const TOPICS: Readonly<Record<EntryFact["kind"], Topic>> = {
  lifecycle: "lifecycle",
  supplier: "supplier",
  indicator: "indicator",
  trust: "trust",
};

export interface Organisation {
  /** @throws UsageError `usage.value` when owner or reason is missing, or the same stands there already */
  add(entry: { fact: EntryFact; owner: string; reason: string }): Entry;
  /** The oldest first; with those that were removed. */
  list(): readonly Entry[];
  /** @throws UsageError `usage.value` when there is none of this id that still counts */
  remove(id: string, by: { owner: string; reason: string }): Entry;
}

export function organisationOf(database: BulkDatabase, clock: Clock): Organisation {
  const list = () => listEntries(database);
  return {
    list,
    add({ fact, owner, reason }) {
      requireText("an owner", owner);
      requireText("a reason", reason);
      const id = randomBytes(ID_BYTES).toString("hex");
      const entry: Entry = { id, fact, owner, reason, addedAt: clock.now().toISOString() };
      database.transaction(() => {
        refuseDouble(list(), fact);
        insertEntry(database, entry);
        publish(database, clock.now());
      });
      return entry;
    },
    remove(id, { owner, reason }) {
      requireText("an owner", owner);
      requireText("a reason", reason);
      const removed: Removal = { at: clock.now().toISOString(), by: owner, because: reason };
      database.transaction(() => {
        if (!endEntry(database, id, removed))
          throw new UsageError("usage.value", `${id}: no entry that counts has this id; see intel entries`);
        publish(database, clock.now());
      });
      const entry = list().find((one) => one.id === id);
      if (entry === undefined) throw new UsageError("usage.value", `${id}: no entry has this id`);
      return entry;
    },
  };
}

/** What counts becomes the source's snapshot; with the last entry the source is gone, and answers nothing. */
function publish(database: BulkDatabase, now: Date): void {
  const entries = listEntries(database).filter(({ removed }) => removed === undefined);
  const sha256 = createHash("sha256").update(JSON.stringify(entries)).digest("hex");
  const facts = entries.map(({ fact }) => fact);
  loadNow(
    database,
    { source: termsOf(facts), asOf: now.toISOString(), fetchedAt: now, sha256, files: [] },
    facts,
  );
}

const termsOf = (facts: readonly EntryFact[]): SourceTerms => ({
  id: "organisation",
  title: "the organisation's own entries",
  licence: "the organisation's own",
  authority: "organisation",
  answers: [...new Set(facts.map(({ kind }) => TOPICS[kind]))],
  // People change their word when they change their mind.
  staleAfterDays: 36_500,
});

function refuseDouble(entries: readonly Entry[], fact: EntryFact): void {
  const text = JSON.stringify(fact);
  const same = entries.find((entry) => entry.removed === undefined && JSON.stringify(entry.fact) === text);
  if (same !== undefined)
    throw new UsageError("usage.value", `the same stands there already, as ${same.id} of ${same.owner}`);
}

function requireText(what: string, text: string): void {
  if (text.trim() === "" || text.length > MAX_TEXT_CHARACTERS)
    throw new UsageError(
      "usage.value",
      `an entry needs ${what}, of at most ${MAX_TEXT_CHARACTERS} characters`,
    );
}
