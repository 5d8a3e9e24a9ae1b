/** What people of the organisation entered: with who, why and when, also after it was taken back. @module */

import type { BulkDatabase, Row } from "@sallyport/store";
import type { IndicatorFact, LifecycleFact, SupplierFact, TrustFact } from "../fact.ts";

export type EntryFact = LifecycleFact | SupplierFact | IndicatorFact | TrustFact;

export interface Entry {
  /** Short enough to type. */
  readonly id: string;
  readonly fact: EntryFact;
  readonly owner: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly addedAt: string;
  readonly removed?: Removal;
}

export interface Removal {
  readonly at: string;
  readonly by: string;
  readonly because: string;
}

export function insertEntry(database: BulkDatabase, { id, fact, owner, reason, addedAt }: Entry): void {
  database
    .statement("INSERT INTO entry (id, fact, owner, reason, added_at) VALUES (?, ?, ?, ?, ?)")
    .run(id, JSON.stringify(fact), owner, reason, addedAt);
}

/** The oldest first, with those that were removed. */
export const listEntries = (database: BulkDatabase): readonly Entry[] =>
  database.statement("SELECT * FROM entry ORDER BY added_at, id").all().map(toEntry);

/** @returns false when there is none of this id that still counts */
export function endEntry(database: BulkDatabase, id: string, { at, by, because }: Removal): boolean {
  const ended = database
    .statement(
      "UPDATE entry SET removed_at = ?, removed_by = ?, removed_because = ? WHERE id = ? AND removed_at IS NULL",
    )
    .run(at, by, because, id);
  return ended > 0;
}

function toEntry(row: Row): Entry {
  return {
    id: String(row.id),
    fact: JSON.parse(String(row.fact)),
    owner: String(row.owner),
    reason: String(row.reason),
    addedAt: String(row.added_at),
    ...(row.removed_at !== null && {
      removed: {
        at: String(row.removed_at),
        by: String(row.removed_by),
        because: String(row.removed_because),
      },
    }),
  };
}
