/**
 * Puts staged witnesses in the place of a source's last ones. A row that stood there before keeps its number and with it the
 * day it was first seen; one that stands there no more is kept as gone, because a hash that changed below the same version
 * is what a witness is asked for.
 * @module
 */

import type { BulkDatabase, Row } from "@sallyport/store";
import { keysOf } from "../match/keys.ts";
import { namingOfPackage } from "./witness-package.ts";

export interface WitnessMerge {
  readonly database: BulkDatabase;
  /** The snapshot's number. */
  readonly snapshot: number;
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
}

/** Gone for longer than that, and it is forgotten. */
const FORGET_AFTER_DAYS = 5 * 365;

/** Staged witnesses below the stored numbers of their packages, in the order of the hashes. */
const SORTED = `SELECT w.prefix, p.stored AS package, w.release, w.kind AS architecture, w.number AS staged
  FROM staged_witness w JOIN package_number p ON p.staged = w.package ORDER BY 1, 2, 3, 4, 5`;

/** Inside the transaction. */
export function mergeWitnesses(merge: WitnessMerge): void {
  const { database, snapshot } = merge;
  mergePackages(merge);
  numberPackages(merge);
  const isFirst =
    database.statement("SELECT 1 FROM witness_hash WHERE snapshot = ? LIMIT 1").get(snapshot) === undefined;
  if (!isFirst) orderStaged(database);
  const base = Number(database.statement("SELECT coalesce(max(number), 0) AS last FROM witness").get()?.last);
  const inserted = database
    .statement(
      `INSERT INTO witness_hash (snapshot, prefix, package, release, architecture, witness)
      SELECT ?, prefix, package, release, architecture, staged + ? FROM ${isFirst ? `(${SORTED})` : "staged_order"}
      WHERE TRUE ORDER BY prefix, package, release, architecture ON CONFLICT DO NOTHING`,
    )
    .run(snapshot, base);
  const staged = Number(database.statement("SELECT count(*) AS count FROM staged_witness").get()?.count);
  if (inserted === staged) insertAll(merge, base);
  else if (inserted > 0) insertFresh(merge, base);
  if (!isFirst) noteGone(merge, base);
}

/** Writes packages that are new or are called otherwise now, and the keys under which they are found. */
function mergePackages({ database, snapshot, source }: WitnessMerge): void {
  database.execute("CREATE TEMP TABLE changed_package (number INTEGER PRIMARY KEY) STRICT");
  database
    .statement(
      `INSERT INTO changed_package (number) SELECT s.number FROM staged_package s
      LEFT JOIN witness_package p ON p.snapshot = ? AND p.package_id = s.package_id
      WHERE p.number IS NULL OR p.product IS DISTINCT FROM s.product OR p.vendor IS DISTINCT FROM s.vendor`,
    )
    .run(snapshot);
  database
    .statement(
      `INSERT INTO witness_package (snapshot, package_id, product, vendor)
      SELECT ?, s.package_id, s.product, s.vendor FROM changed_package c JOIN staged_package s ON s.number = c.number
      WHERE TRUE ORDER BY c.number
      ON CONFLICT (snapshot, package_id) DO UPDATE SET product = excluded.product, vendor = excluded.vendor`,
    )
    .run(snapshot);
  const packages = database.statement(
    `SELECT p.number, p.package_id, p.product, p.vendor FROM changed_package c
    JOIN staged_package s ON s.number = c.number
    JOIN witness_package p ON p.snapshot = ? AND p.package_id = s.package_id ORDER BY c.number`,
  );
  for (const row of packages.each(snapshot)) keyPackage(database, source, row);
}

function keyPackage(database: BulkDatabase, source: string, row: Row): void {
  const number = Number(row.number);
  database.statement("DELETE FROM witness_package_key WHERE package = ?").run(number);
  const insert = database.statement("INSERT INTO witness_package_key (package, key) VALUES (?, ?)");
  for (const key of keysOf(namingOfPackage(source, row))) insert.run(number, key);
}

function numberPackages({ database, snapshot }: WitnessMerge): void {
  database.execute(
    "CREATE TEMP TABLE package_number (staged INTEGER PRIMARY KEY, stored INTEGER NOT NULL) STRICT",
  );
  database
    .statement(
      `INSERT INTO package_number (staged, stored) SELECT s.number, p.number FROM staged_package s
      JOIN witness_package p ON p.snapshot = ? AND p.package_id = s.package_id ORDER BY s.number`,
    )
    .run(snapshot);
}

/** Each staged witness once. */
function orderStaged(database: BulkDatabase): void {
  database.execute(
    `CREATE TEMP TABLE staged_order (
       prefix INTEGER NOT NULL, package INTEGER NOT NULL, release INTEGER NOT NULL, architecture INTEGER NOT NULL,
       staged INTEGER NOT NULL, PRIMARY KEY (prefix, package, release, architecture)
     ) STRICT, WITHOUT ROWID`,
  );
  database
    .statement(
      `INSERT INTO staged_order (prefix, package, release, architecture, staged)
      SELECT prefix, package, release, architecture, staged FROM (${SORTED}) WHERE TRUE ON CONFLICT DO NOTHING`,
    )
    .run();
}

/** Nothing was there before, and nothing stands there twice. */
function insertAll({ database, fetchedAt }: WitnessMerge, base: number): void {
  database
    .statement(
      `INSERT INTO witness (number, package, sha256, version, architecture, url, since)
      SELECT w.number + ?, p.stored, w.sha256, w.version, w.architecture, w.url, ? FROM staged_witness w
      JOIN package_number p ON p.staged = w.package ORDER BY w.number`,
    )
    .run(base, fetchedAt);
  database
    .statement(
      `INSERT INTO witness_release (package, release, witness)
      SELECT p.stored, w.release, w.number + ? FROM staged_witness w
      JOIN package_number p ON p.staged = w.package ORDER BY 1, 2, 3`,
    )
    .run(base);
}

/** Writes the rows whose hashes were new, in the order in which the source gave them. */
function insertFresh({ database, snapshot, fetchedAt }: WitnessMerge, base: number): void {
  database.execute("CREATE TEMP TABLE fresh (staged INTEGER PRIMARY KEY, package INTEGER NOT NULL) STRICT");
  database
    .statement(
      `INSERT INTO fresh (staged, package) SELECT witness - ?, package FROM witness_hash
      WHERE snapshot = ? AND witness > ? ORDER BY 1`,
    )
    .run(base, snapshot, base);
  database
    .statement(
      `INSERT INTO witness (number, package, sha256, version, architecture, url, since)
      SELECT w.number + ?, f.package, w.sha256, w.version, w.architecture, w.url, ? FROM fresh f
      JOIN staged_witness w ON w.number = f.staged ORDER BY f.staged`,
    )
    .run(base, fetchedAt);
  database
    .statement(
      `INSERT INTO witness_release (package, release, witness)
      SELECT f.package, w.release, w.number + ? FROM fresh f JOIN staged_witness w ON w.number = f.staged
      ORDER BY 1, 2, 3`,
    )
    .run(base);
}

/** Rows that stood there and stand there no more; those that are back; and those gone so long that they are forgotten. */
function noteGone({ database, snapshot, fetchedAt }: WitnessMerge, base: number): void {
  const isStaged = (table: string) =>
    `EXISTS (SELECT 1 FROM staged_order o
      WHERE o.prefix = ${table}.prefix AND o.package = ${table}.package AND o.release = ${table}.release
        AND o.architecture = ${table}.architecture)`;
  database
    .statement(`DELETE FROM witness_gone WHERE snapshot = ? AND ${isStaged("witness_gone")}`)
    .run(snapshot);
  database
    .statement(
      `INSERT INTO witness_gone (snapshot, prefix, package, release, architecture, witness, gone_at)
      SELECT h.snapshot, h.prefix, h.package, h.release, h.architecture, h.witness, ? FROM witness_hash h
      WHERE h.snapshot = ? AND h.witness <= ? AND NOT ${isStaged("h")}
      ORDER BY h.prefix, h.package, h.release, h.architecture ON CONFLICT DO NOTHING`,
    )
    .run(fetchedAt, snapshot, base);
  forgetLongGone({ database, snapshot, fetchedAt });
}

function forgetLongGone({ database, snapshot, fetchedAt }: Omit<WitnessMerge, "source">): void {
  const before = new Date(Date.parse(fetchedAt) - FORGET_AFTER_DAYS * 86_400_000).toISOString();
  const longGone = "SELECT witness FROM witness_gone WHERE snapshot = ? AND gone_at < ?";
  for (const sql of [
    `DELETE FROM witness_release WHERE (package, release, witness) IN
      (SELECT package, release, witness FROM witness_gone WHERE snapshot = ? AND gone_at < ?)`,
    `DELETE FROM witness WHERE number IN (${longGone})`,
    `DELETE FROM witness_hash WHERE (snapshot, prefix, package, release, architecture) IN
      (SELECT snapshot, prefix, package, release, architecture FROM witness_gone WHERE snapshot = ? AND gone_at < ?)`,
    "DELETE FROM witness_gone WHERE snapshot = ? AND gone_at < ?",
  ])
    database.statement(sql).run(snapshot, before);
}

/** Everything that a snapshot's source ever witnessed; inside the transaction. */
export function deleteWitnesses(database: BulkDatabase, snapshot: number): void {
  const packages = "SELECT number FROM witness_package WHERE snapshot = ?";
  for (const sql of [
    `DELETE FROM witness WHERE number IN (SELECT witness FROM witness_hash WHERE snapshot = ?)`,
    `DELETE FROM witness_release WHERE package IN (${packages})`,
    `DELETE FROM witness_package_key WHERE package IN (${packages})`,
    "DELETE FROM witness_package WHERE snapshot = ?",
    "DELETE FROM witness_gone WHERE snapshot = ?",
    "DELETE FROM witness_hash WHERE snapshot = ?",
  ])
    database.statement(sql).run(snapshot);
}
