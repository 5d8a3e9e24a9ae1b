/**
 * Keys are made by the program that stores a fact and looked for by the one that asks. A program that makes other keys would
 * miss what is there, without a word: so the file says which edition made its keys, and another edition makes them anew.
 * @module
 */

import type { BulkDatabase } from "@sallyport/store";
import { keysOf } from "../match/keys.ts";
import { keysOfFact } from "./fact-keys.ts";
import { parseFact } from "./facts.ts";
import { namingOfPackage } from "./witness-package.ts";

/** Raise it with every change of what `keysOf` and `keysOfFact` answer; a test tells when. */
export const KEYS_EDITION = 2;

/** Makes all keys anew when another edition made them; otherwise reads one row. */
export function bringKeysUpToDate(database: BulkDatabase, edition = KEYS_EDITION): void {
  if (editionOf(database) === edition) return;
  database.transaction(() => {
    if (editionOf(database) === edition) return;
    rekeyFacts(database);
    rekeyPackages(database);
    database.statement("DELETE FROM keying").run();
    database.statement("INSERT INTO keying (edition) VALUES (?)").run(edition);
  });
}

const editionOf = (database: BulkDatabase): number =>
  Number(database.statement("SELECT edition FROM keying").get()?.edition ?? 0);

function rekeyFacts(database: BulkDatabase): void {
  database.execute(
    "CREATE TEMP TABLE new_key (snapshot INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, fact INTEGER NOT NULL) STRICT",
  );
  const insert = database.statement("INSERT INTO new_key (snapshot, kind, key, fact) VALUES (?, ?, ?, ?)");
  const facts = database.statement("SELECT number, snapshot, kind, body FROM fact");
  for (const { number, snapshot, kind, body } of facts.each())
    for (const key of keysOfFact(parseFact(body)))
      insert.run(Number(snapshot), String(kind), key, Number(number));
  database.statement("DELETE FROM fact_key").run();
  database
    .statement(
      `INSERT INTO fact_key (snapshot, kind, key, fact)
      SELECT snapshot, kind, key, fact FROM new_key ORDER BY snapshot, kind, key, fact`,
    )
    .run();
  database.execute("DROP TABLE temp.new_key");
}

function rekeyPackages(database: BulkDatabase): void {
  database.statement("DELETE FROM witness_package_key").run();
  const insert = database.statement("INSERT INTO witness_package_key (package, key) VALUES (?, ?)");
  const packages = database.statement(
    `SELECT p.number, p.package_id, p.product, p.vendor, s.source FROM witness_package p
    JOIN snapshot s ON s.number = p.snapshot`,
  );
  for (const row of packages.each())
    for (const key of keysOf(namingOfPackage(String(row.source), row))) insert.run(Number(row.number), key);
}
