/** What is kept of one reading of a source. @module */

import type { Authority, Snapshot, Topic } from "@sallyport/core";
import type { Row } from "@sallyport/store";
import type { FactKind } from "../fact.ts";
import type { IntelSource } from "../source.ts";

/** What is said of a source beside its facts. */
export type SourceTerms = Pick<
  IntelSource,
  "id" | "title" | "licence" | "authority" | "answers" | "staleAfterDays"
>;

/** A reading that is to be stored. */
export interface SnapshotLoad {
  readonly source: SourceTerms;
  /**
   * What it replaces: the reading of the same source and part. For sources of which several files count side by side: the
   * chosen ecosystem, the provider, the name of the file that was brought.
   */
  readonly part?: string;
  /** The data's own date, ISO 8601, from {@link IntelSource.asOf}; absent where it names none. */
  readonly asOf?: string | undefined;
  /** When it was fetched or brought. */
  readonly fetchedAt: Date;
  /** Lower-case hex SHA-256 over the files: of the one file, or of the lines `<sha256>  <name>`. */
  readonly sha256: string;
  readonly files: readonly StoredFile[];
  /** A reading that is older than the one it replaces counts as well: somebody wants it so. */
  readonly allowOlder?: boolean;
}

/** Where a file came from, and what a conditional request needs. */
export interface StoredFile {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly url?: string;
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface StoredSnapshot extends Snapshot {
  readonly part: string;
  readonly answers: readonly Topic[];
  readonly staleAfterDays: number;
  /** Whether {@link Snapshot.asOf} is a date that the data names itself; else it is the day it was last asked for. */
  readonly hasOwnDate: boolean;
  /** When the publisher last said that this is still its newest: ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly sha256: string;
  readonly files: readonly StoredFile[];
  readonly kinds: readonly FactKind[];
  /** How many facts it holds. */
  readonly rows: number;
  /** How many rows did not count. */
  readonly skipped: number;
}

/** Where its rows stand. */
export interface PlacedSnapshot extends StoredSnapshot {
  readonly number: number;
  readonly firstFact: number;
  /** After the last. */
  readonly endFact: number;
}

const DIGEST_CHARACTERS = 12;
const DAY_MILLISECONDS = 86_400_000;

/** @returns `kev@2025-08-25+1a2b3c4d5e6f`; with a part: `osv/npm@…` */
export function snapshotId(load: SnapshotLoad): string {
  const name = load.part === undefined ? load.source.id : `${load.source.id}/${load.part}`;
  const date = load.asOf ?? load.fetchedAt.toISOString();
  return `${name}@${date.slice(0, 10)}+${load.sha256.slice(0, DIGEST_CHARACTERS)}`;
}

/** @param now - by which it is stale or not */
export function toSnapshot(row: Row, now: Date): PlacedSnapshot {
  const text = (column: string) => String(row[column]);
  const hasOwnDate = row.has_own_date === 1;
  const asOf = hasOwnDate ? text("as_of") : text("checked_at");
  const staleAfterDays = Number(row.stale_after_days);
  return {
    number: Number(row.number),
    id: text("id"),
    source: text("source"),
    part: text("part"),
    title: text("title"),
    authority: text("authority") as Authority,
    licence: text("licence"),
    answers: JSON.parse(text("answers")),
    staleAfterDays,
    asOf,
    hasOwnDate,
    fetchedAt: text("fetched_at"),
    checkedAt: text("checked_at"),
    isStale: now.getTime() - Date.parse(asOf) > staleAfterDays * DAY_MILLISECONDS,
    sha256: text("sha256"),
    files: JSON.parse(text("files")),
    kinds: JSON.parse(text("kinds")),
    rows: Number(row.rows),
    skipped: Number(row.skipped),
    firstFact: Number(row.first_fact),
    endFact: Number(row.end_fact),
  };
}
