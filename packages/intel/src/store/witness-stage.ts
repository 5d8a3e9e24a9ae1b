/**
 * Witnesses on their way in. There can be ten million in one load, so each is written once, in a row, and everything that
 * needs an order is sorted by the database afterwards.
 * @module
 */

import { hash } from "node:crypto";
import type { BulkDatabase } from "@sallyport/store";
import type { WitnessFact } from "../fact.ts";
import { FeedError } from "../feed-error.ts";

const MAX_TEXT_CHARACTERS = 4_000;
const MAX_REMEMBERED = 20_000;
/** Six bytes are a whole number that JavaScript holds exactly. */
const PREFIX_BYTES = 6;

/**
 * First bytes of a SHA-256, as a number: what finds candidates, which are then compared whole. Two files of one package,
 * version and architecture that share all 48 bits would be stored as one: that takes somebody who looks for such a pair,
 * and who lists both.
 */
export const prefixOf = (sha256: string): number => Number.parseInt(sha256.slice(0, PREFIX_BYTES * 2), 16);

/**
 * A version as a number, equal for `v1.2`, `1.2` and `1.2.0`, which catalogues write for one release. It is stored, so it
 * stays what it is.
 */
export function releaseOf(version = ""): number {
  const text = version.trim().toLowerCase();
  let end = text.length;
  while (end > 2 && text.endsWith(".0", end)) end -= 2;
  const start = /^v\d/.test(text) ? 1 : 0;
  return prefixOf(hash("sha256", text.slice(start, end)));
}

const ARCHITECTURE_DIGITS = 4;
/** An architecture as a number; stored, as the version is. */
export const architectureOf = (architecture = ""): number =>
  Number.parseInt(hash("sha256", architecture.toLowerCase()).slice(0, ARCHITECTURE_DIGITS), 16);

/** The same few texts stand in millions of rows. */
function remember<Value>(make: (text: string) => Value): (text: string | undefined) => Value {
  const known = new Map<string, Value>();
  return (text = "") => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const value = make(text);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}

type Staging = (fact: WitnessFact) => void;

/** Where witnesses wait, seen by this connection alone. */
export function openWitnessStage(database: BulkDatabase): Staging {
  database.execute(
    `CREATE TEMP TABLE staged_package (
       number INTEGER PRIMARY KEY, package_id TEXT NOT NULL UNIQUE, product TEXT, vendor TEXT
     ) STRICT;
     CREATE TEMP TABLE staged_witness (
       number INTEGER PRIMARY KEY, prefix INTEGER NOT NULL, package INTEGER NOT NULL, release INTEGER NOT NULL,
       kind INTEGER NOT NULL, sha256 BLOB NOT NULL, version TEXT, architecture TEXT, url TEXT
     ) STRICT;`,
  );
  const insert = database.statement(
    `INSERT INTO staged_witness (prefix, package, release, kind, sha256, version, architecture, url)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const packageOf = packageNumbers(database);
  const [releaseNumber, architectureNumber] = [remember(releaseOf), remember(architectureOf)];
  return ({ witness }) => {
    const { sha256, version, architecture, url } = witness;
    requireShort(witness);
    insert.run(
      prefixOf(sha256),
      packageOf(witness),
      releaseNumber(version),
      architectureNumber(architecture),
      Buffer.from(sha256, "hex"),
      version ?? null,
      architecture ?? null,
      url ?? null,
    );
  };
}

function packageNumbers(database: BulkDatabase): (witness: WitnessFact["witness"]) => number {
  // The last row of a package names it; a source that reads its newest versions last names it as it is called now.
  const upsert = database.statement(
    `INSERT INTO staged_package (package_id, product, vendor) VALUES (?, ?, ?)
    ON CONFLICT (package_id) DO UPDATE SET product = coalesce(excluded.product, product),
      vendor = coalesce(excluded.vendor, vendor) RETURNING number`,
  );
  const remembered = new Map<string, number>();
  return ({ packageId, product, vendor }) => {
    const key = `${packageId}\n${product ?? ""}\n${vendor ?? ""}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const number = Number(upsert.get(packageId, product ?? null, vendor ?? null)?.number);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, number);
    return number;
  };
}

/** @throws FeedError `feed.malformed`, `feed.over-limit` */
function requireShort(witness: WitnessFact["witness"]): void {
  if (!/^[0-9a-f]{64}$/.test(witness.sha256))
    throw new FeedError("feed.malformed", `${witness.packageId.slice(0, 200)}: its hash is no SHA-256`);
  for (const text of [witness.packageId, witness.product, witness.vendor, witness.version, witness.url])
    if (text !== undefined && text.length > MAX_TEXT_CHARACTERS)
      throw new FeedError(
        "feed.over-limit",
        `${witness.packageId.slice(0, 200)}: a text is longer than it may be`,
      );
}
