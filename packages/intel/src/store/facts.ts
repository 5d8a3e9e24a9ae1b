/** Facts on their way in, and found again by their keys. @module */

import type { BulkDatabase } from "@sallyport/store";
import type { Fact, FactKind } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import { keysOfFact } from "./fact-keys.ts";
import type { PlacedSnapshot } from "./snapshot.ts";
import type { Place } from "./snapshots.ts";

/** A fact that is larger is no fact: a rule pack's largest file is a tenth of it. */
const MAX_FACT_CHARACTERS = 8 * 1024 * 1024;
const MAX_KEYS = 2_000;

/** Where facts wait, seen by this connection alone, until all of them are there. */
export function openStage(database: BulkDatabase): (fact: Fact) => void {
  database.execute(
    `CREATE TEMP TABLE staged_fact (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
     CREATE TEMP TABLE staged_key (kind TEXT NOT NULL, key TEXT NOT NULL, fact INTEGER NOT NULL) STRICT;`,
  );
  const insertFact = database.statement("INSERT INTO staged_fact (number, kind, body) VALUES (?, ?, ?)");
  const insertKey = database.statement("INSERT INTO staged_key (kind, key, fact) VALUES (?, ?, ?)");
  let number = 0;
  return (fact) => {
    const body = JSON.stringify(fact);
    const keys = keysOfFact(fact);
    if (body.length > MAX_FACT_CHARACTERS || keys.length > MAX_KEYS)
      throw new FeedError("feed.over-limit", `a ${fact.kind} is larger than a fact may be`);
    insertFact.run(number, fact.kind, body);
    for (const key of keys) insertKey.run(fact.kind, key, number);
    number += 1;
  };
}

/** Moves what waits below a snapshot; inside the transaction. */
export function moveStaged(database: BulkDatabase, snapshot: number): Place {
  const last = database.statement("SELECT max(number) AS last FROM fact").get()?.last;
  const firstFact = last === null || last === undefined ? 0 : Number(last) + 1;
  const moved = database
    .statement(
      "INSERT INTO fact (number, snapshot, kind, body) SELECT number + ?, ?, kind, body FROM staged_fact ORDER BY number",
    )
    .run(firstFact, snapshot);
  database
    .statement(
      `INSERT INTO fact_key (snapshot, kind, key, fact)
      SELECT ?, kind, key, fact + ? FROM staged_key ORDER BY kind, key, fact`,
    )
    .run(snapshot, firstFact);
  return { firstFact, endFact: firstFact + moved };
}

/** A fact with the snapshot it stands in. */
export interface StoredFact<Kind extends FactKind = FactKind> {
  readonly fact: Extract<Fact, { kind: Kind }>;
  readonly snapshot: PlacedSnapshot;
}

/**
 * Facts of a kind under any of the keys, each once; snapshot by snapshot in the given order, and in a snapshot in the order
 * of the source.
 */
export function findFacts<Kind extends FactKind>(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  kind: Kind,
  keys: readonly string[],
): readonly StoredFact<Kind>[] {
  const find = database.statement("SELECT fact FROM fact_key WHERE snapshot = ? AND kind = ? AND key = ?");
  const read = database.statement("SELECT body FROM fact WHERE number = ?");
  return snapshots.flatMap((snapshot) => {
    if (!snapshot.kinds.includes(kind)) return [];
    const numbers = new Set<number>();
    for (const key of new Set(keys))
      for (const row of find.all(snapshot.number, kind, key)) numbers.add(Number(row.fact));
    return [...numbers]
      .sort((a, b) => a - b)
      .map((number) => ({ fact: parseFact<Kind>(read.get(number)?.body), snapshot }));
  });
}

/**
 * Keys of a kind of facts that begin so, in order, with the number of one fact each.
 * @param prefix - ends with a colon
 */
export function* keysBeginning(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  kind: FactKind,
  prefix: string,
): Generator<{ readonly key: string; readonly fact: number }> {
  const read = database.statement(
    "SELECT key, fact FROM fact_key WHERE snapshot = ? AND kind = ? AND key >= ? AND key < ? ORDER BY key",
  );
  // The character after the colon ends the range.
  const end = `${prefix.slice(0, -1)};`;
  for (const snapshot of snapshots) {
    if (!snapshot.kinds.includes(kind)) continue;
    for (const row of read.each(snapshot.number, kind, prefix, end))
      yield { key: String(row.key), fact: Number(row.fact) };
  }
}

/** Every key of a kind of facts. */
export function keysOfKind(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  kind: FactKind,
): ReadonlySet<string> {
  const read = database.statement("SELECT DISTINCT key FROM fact_key WHERE snapshot = ? AND kind = ?");
  return new Set(snapshots.flatMap(({ number }) => read.all(number, kind).map(({ key }) => String(key))));
}

/** @returns the fact of that number and kind */
export function factAt<Kind extends FactKind>(
  database: BulkDatabase,
  number: number,
): Extract<Fact, { kind: Kind }> {
  return parseFact<Kind>(database.statement("SELECT body FROM fact WHERE number = ?").get(number)?.body);
}

/** A page of facts, each of which may be a whole file of rules. */
const PAGE_FACTS = 50;

/** Every fact of a kind, a page of them in memory; whoever goes through it may ask other things meanwhile. */
export function* everyFact<Kind extends FactKind>(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  kind: Kind,
): Generator<StoredFact<Kind>> {
  const read = database.statement(
    `SELECT number, body FROM fact WHERE number >= ? AND number < ? AND kind = ? ORDER BY number LIMIT ${PAGE_FACTS}`,
  );
  for (const snapshot of snapshots) {
    if (!snapshot.kinds.includes(kind)) continue;
    let from = snapshot.firstFact;
    while (from < snapshot.endFact) {
      const page = read.all(from, snapshot.endFact, kind);
      for (const row of page) yield { fact: parseFact<Kind>(row.body), snapshot };
      from = page.length < PAGE_FACTS ? snapshot.endFact : Number(page.at(-1)?.number) + 1;
    }
  }
}

/**
 * Facts of a kind in whose text a word stands, in the order of the source. Reads all of them: for people, not for checks.
 * @param word - ASCII letters and digits, in lower case; none for all facts
 */
export function* factsMentioning<Kind extends FactKind>(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  kind: Kind,
  word: string,
): Generator<StoredFact<Kind>> {
  const read = database.statement(
    "SELECT body FROM fact WHERE number >= ? AND number < ? AND kind = ? AND instr(lower(body), ?) > 0 ORDER BY number",
  );
  for (const snapshot of snapshots) {
    if (!snapshot.kinds.includes(kind)) continue;
    for (const { body } of read.each(snapshot.firstFact, snapshot.endFact, kind, word))
      yield { fact: parseFact<Kind>(body), snapshot };
  }
}

/** Only this module writes these texts, so their shape is known. */
export const parseFact = <Kind extends FactKind>(body: unknown): Extract<Fact, { kind: Kind }> =>
  JSON.parse(String(body)) as Extract<Fact, { kind: Kind }>;
