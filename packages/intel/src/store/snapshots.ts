/** The readings that count, and putting one in the place of another. @module */

import type { BulkDatabase } from "@sallyport/store";
import type { FactKind } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import { type PlacedSnapshot, type SnapshotLoad, snapshotId, toSnapshot } from "./snapshot.ts";
import { deleteWitnesses } from "./witness-merge.ts";

/** Every reading that counts, in the order of their sources' ids. */
export const listSnapshots = (database: BulkDatabase, now: Date): readonly PlacedSnapshot[] =>
  database
    .statement("SELECT * FROM snapshot ORDER BY source, part")
    .all()
    .map((row) => toSnapshot(row, now));

export function findSnapshot(
  database: BulkDatabase,
  source: string,
  part: string,
): PlacedSnapshot | undefined {
  const row = database.statement("SELECT * FROM snapshot WHERE source = ? AND part = ?").get(source, part);
  return row && toSnapshot(row, new Date(0));
}

/** @throws FeedError `feed.replayed` when what is there has a later date of its own */
export function refuseReplay(load: SnapshotLoad, before: PlacedSnapshot | undefined): void {
  if (before === undefined || load.allowOlder || load.asOf === undefined || !before.hasOwnDate) return;
  if (Date.parse(load.asOf) >= Date.parse(before.asOf)) return;
  const named = `${load.source.id}${load.part ? `=${load.part}` : ""}`;
  throw new FeedError(
    "feed.replayed",
    `${load.source.id}: this data is of ${load.asOf}, and what is here already is of ${before.asOf}: the older does not replace the newer; to go back on purpose, forget it first: sallyport intel forget ${named}`,
  );
}

/** What was counted while it was staged. */
export interface Staged {
  readonly kinds: readonly FactKind[];
  readonly rows: number;
  readonly skipped: number;
}

/** Rows of facts: from the first to before the end. */
export interface Place {
  readonly firstFact: number;
  readonly endFact: number;
}

const REPLACED = [
  ...[
    "id",
    "title",
    "authority",
    "licence",
    "answers",
    "stale_after_days",
    "as_of",
    "has_own_date",
    "fetched_at",
  ],
  ...["checked_at", "sha256", "files", "kinds", "rows", "skipped"],
];

/** Writes it in the place of its last one, whose number it keeps. @returns the number */
export function putSnapshot(database: BulkDatabase, load: SnapshotLoad, staged: Staged): number {
  const { source, part = "", fetchedAt, asOf, sha256, files } = load;
  const fetched = fetchedAt.toISOString();
  const row = database
    .statement(
      `INSERT INTO snapshot (id, source, part, title, authority, licence, answers, stale_after_days, as_of, has_own_date,
        fetched_at, checked_at, sha256, files, kinds, rows, skipped, first_fact, end_fact)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)
      ON CONFLICT (source, part) DO UPDATE SET ${REPLACED.map((column) => `${column} = excluded.${column}`).join(", ")}
      RETURNING number`,
    )
    .get(
      snapshotId(load),
      source.id,
      part,
      source.title,
      source.authority,
      source.licence,
      JSON.stringify(source.answers),
      source.staleAfterDays,
      asOf ?? fetched,
      asOf !== undefined,
      fetched,
      fetched,
      sha256,
      JSON.stringify(files),
      JSON.stringify(staged.kinds),
      staged.rows,
      staged.skipped,
    );
  return Number(row?.number);
}

export function placeSnapshot(database: BulkDatabase, number: number, place: Place): void {
  database
    .statement("UPDATE snapshot SET first_fact = ?, end_fact = ? WHERE number = ?")
    .run(place.firstFact, place.endFact, number);
}

/** Takes away everything that was read, but not the snapshot itself. */
export function deleteFacts(database: BulkDatabase, { number, firstFact, endFact }: PlacedSnapshot): void {
  database.statement("DELETE FROM fact_key WHERE snapshot = ?").run(number);
  database.statement("DELETE FROM fact WHERE number >= ? AND number < ?").run(firstFact, endFact);
}

export function deleteSnapshot(database: BulkDatabase, snapshot: PlacedSnapshot): void {
  deleteFacts(database, snapshot);
  deleteWitnesses(database, snapshot.number);
  database.statement("DELETE FROM snapshot WHERE number = ?").run(snapshot.number);
}

/** The publisher says that this is still its newest. */
export function touchSnapshot(
  database: BulkDatabase,
  source: string,
  part: string,
  checkedAt: Date,
): boolean {
  const touched = database
    .statement("UPDATE snapshot SET checked_at = ? WHERE source = ? AND part = ?")
    .run(checkedAt.toISOString(), source, part);
  return touched > 0;
}
