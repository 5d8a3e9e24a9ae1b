/**
 * One run of the bench of the matcher: 100,000 rows of an inventory against ten thousand products that sources name, by their keys
 * in a table of SQLite, as the product keeps them; or the same lookups alone, without a comparison. Writes its seconds into a file.
 *
 *     node bench/matcher-run.ts product|plain ROWS RESULT
 * @module
 */

import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Claim } from "@sallyport/core";
import { keysOf, match } from "../packages/intel/src/match/index.ts";
import type { Naming } from "../packages/intel/src/naming.ts";

const PRODUCTS = 10_000;
const WORDS = "Photo Audio Remote Secure Cloud Easy Smart Quick Data Web Office Print Scan Mail Sync".split(
  " ",
);
const KINDS = "Editor Viewer Manager Client Server Studio Reader Suite Player Agent Console Toolkit".split(
  " ",
);

const wordAt = (list: readonly string[], at: number): string => list[at % list.length] ?? "";

const productAt = (at: number): string =>
  `${wordAt(WORDS, at)} ${wordAt(KINDS, Math.floor(at / WORDS.length))} ${wordAt(WORDS, Math.floor(at / 180))}${Math.floor(at / 2700)}`;

const namingAt = (at: number): Naming => ({
  product: productAt(at),
  vendor: `Vendor ${at % 500}`,
  identifiers: at % 10 === 0 ? [{ kind: "bundle-id", value: `example.vendor.app${at}` }] : [],
  scheme: "generic",
  versions: { ranges: [{ introduced: "2.0", fixed: `${3 + (at % 9)}.${at % 7}.1` }], exact: [] },
});

/** As installers write them: half of them known, some of other makers, some companions. */
const claimAt = (row: number): Claim => {
  const at = (row * 7919) % (PRODUCTS * 2);
  const version = `${row % 12}.${row % 10}.${row % 100}`;
  const vendor = row % 13 === 0 ? "Somebody Else GmbH" : `Vendor ${at % 500} Software, Inc.`;
  const companion = row % 17 === 0 ? " Outlook Plugin" : "";
  return {
    product: `${productAt(at)}${companion} ${version} (x64 en-US)`,
    vendor,
    version,
    identifiers: row % 20 === 0 ? [{ kind: "bundle-id", value: `example.vendor.app${at}` }] : [],
  };
};

const [way, rows = "", result = ""] = process.argv.slice(2);
const database = new DatabaseSync(":memory:");
database.exec(
  "CREATE TABLE name (key TEXT NOT NULL, fact INTEGER NOT NULL, PRIMARY KEY (key, fact)) WITHOUT ROWID",
);
database.exec("CREATE TABLE fact (id INTEGER PRIMARY KEY, json TEXT NOT NULL)");
const addName = database.prepare("INSERT INTO name VALUES (?, ?)");
const addFact = database.prepare("INSERT INTO fact VALUES (?, ?)");
database.exec("BEGIN");
for (let at = 0; at < PRODUCTS; at += 1) {
  const naming = namingAt(at);
  addFact.run(at, JSON.stringify(naming));
  for (const key of keysOf(naming)) addName.run(key, at);
}
database.exec("COMMIT");
const find = database.prepare("SELECT json FROM fact JOIN name ON fact.id = name.fact WHERE key = ?");

const claims = Array.from({ length: Number(rows) }, (_, row) => claimAt(row));
const plainKeys = claims.map(({ product = "" }) => `product:${product.split(" ", 3).join("").toLowerCase()}`);
const counts = { certain: 0, possible: 0, no: 0 };
const started = performance.now();
claims.forEach((claim, row) => {
  if (way === "plain") {
    find.all(plainKeys[row] ?? "");
    return;
  }
  const found = new Set(keysOf(claim).flatMap((key) => find.all(key).map(({ json }) => String(json))));
  for (const json of found) counts[match(claim, JSON.parse(json)).match] += 1;
});
writeFileSync(result, JSON.stringify({ seconds: (performance.now() - started) / 1000, ...counts }));
