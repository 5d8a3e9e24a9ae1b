/** Witnesses found again: by the hash, and by the package and version. @module */

import type { Witness } from "@sallyport/core";
import type { BulkDatabase, Row } from "@sallyport/store";
import type { PlacedSnapshot } from "./snapshot.ts";
import { architectureOf, prefixOf, releaseOf } from "./witness-stage.ts";

export interface StoredWitness {
  readonly witness: Witness;
  readonly snapshot: PlacedSnapshot;
  /** The package's number. */
  readonly package: number;
  /** First snapshot in which it stood no more: ISO 8601, UTC. */
  readonly goneAt?: string;
}

/** A package that a source of witnesses names. */
export interface WitnessPackage {
  readonly number: number;
  readonly snapshot: PlacedSnapshot;
  /** `package_id`, `product`, `vendor`. */
  readonly row: Row;
}

/** More under one hash or version is no answer that anybody reads. */
const MAX_ROWS = 1_000;

const WITNESS =
  "SELECT w.sha256, w.version, w.architecture, w.url, w.since, w.package, p.package_id, p.product, p.vendor";

/** @param sha256 - lower-case hex */
export function findByHash(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  sha256: string,
): readonly StoredWitness[] {
  const find = database.statement(
    `${WITNESS} FROM witness_hash h JOIN witness w ON w.number = h.witness
    JOIN witness_package p ON p.number = h.package WHERE h.snapshot = ? AND h.prefix = ? LIMIT ${MAX_ROWS}`,
  );
  return snapshots.filter(hasWitnesses).flatMap((snapshot) =>
    find
      .all(snapshot.number, prefixOf(sha256))
      .map((row) => toWitness(database, row, snapshot))
      .filter(({ witness }) => witness.sha256 === sha256),
  );
}

/** Everything that ever stood for a version of a package. */
export function findByRelease(
  database: BulkDatabase,
  { number, snapshot }: Pick<WitnessPackage, "number" | "snapshot">,
  version: string | undefined,
): readonly StoredWitness[] {
  const find = database.statement(
    `${WITNESS} FROM witness_release r JOIN witness w ON w.number = r.witness
    JOIN witness_package p ON p.number = r.package WHERE r.package = ? AND r.release = ? LIMIT ${MAX_ROWS}`,
  );
  return find.all(number, releaseOf(version)).map((row) => toWitness(database, row, snapshot));
}

/** @param keys - of a claim */
export function findPackages(
  database: BulkDatabase,
  snapshots: readonly PlacedSnapshot[],
  keys: readonly string[],
): readonly WitnessPackage[] {
  const bySnapshot = new Map(snapshots.filter(hasWitnesses).map((snapshot) => [snapshot.number, snapshot]));
  if (bySnapshot.size === 0) return [];
  const find = database.statement(
    `SELECT p.number, p.snapshot, p.package_id, p.product, p.vendor FROM witness_package_key k
    JOIN witness_package p ON p.number = k.package WHERE k.key = ? LIMIT ${MAX_ROWS}`,
  );
  const found = new Map<number, WitnessPackage>();
  for (const key of new Set(keys))
    for (const row of find.all(key)) {
      const snapshot = bySnapshot.get(Number(row.snapshot));
      if (snapshot !== undefined)
        found.set(Number(row.number), { number: Number(row.number), snapshot, row });
    }
  return [...found.values()];
}

const hasWitnesses = ({ kinds }: PlacedSnapshot): boolean => kinds.includes("witness");

function toWitness(database: BulkDatabase, row: Row, snapshot: PlacedSnapshot): StoredWitness {
  const optional = (name: "product" | "vendor" | "version" | "architecture" | "url") =>
    typeof row[name] === "string" ? { [name]: row[name] } : {};
  const sha256 = row.sha256 instanceof Uint8Array ? Buffer.from(row.sha256).toString("hex") : "";
  const gone = database
    .statement(
      `SELECT gone_at FROM witness_gone
      WHERE snapshot = ? AND prefix = ? AND package = ? AND release = ? AND architecture = ?`,
    )
    .get(snapshot.number, prefixOf(sha256), Number(row.package), ...placeOf(row));
  return {
    witness: {
      sha256,
      packageId: String(row.package_id),
      ...optional("product"),
      ...optional("vendor"),
      ...optional("version"),
      ...optional("architecture"),
      ...optional("url"),
      since: String(row.since),
    },
    snapshot,
    package: Number(row.package),
    ...(gone !== undefined && { goneAt: String(gone.gone_at) }),
  };
}

const placeOf = ({ version, architecture }: Row): readonly [number, number] => [
  releaseOf(typeof version === "string" ? version : undefined),
  architectureOf(typeof architecture === "string" ? architecture : undefined),
];
