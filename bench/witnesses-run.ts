/**
 * One run of the bench of witnesses: imports ten million rows and looks some of them up, either as the product does it or in one
 * table of plain SQLite with an index. Writes what it measured into a file.
 *
 *     node bench/witnesses-run.ts product|plain DATABASE ROWS RESULT
 * @module
 */

import { hash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { WitnessFact } from "../packages/intel/src/fact.ts";
import { openIntel } from "../packages/intel/src/intel.ts";

/** Seconds; milliseconds for the lookups. */
export interface WitnessTimes {
  readonly importSeconds: number;
  readonly againSeconds?: number;
  readonly medianMilliseconds: number;
  readonly worstMilliseconds: number;
}

const RELEASES = 20;
const VENDORS = 5_000;
const LOOKUPS = 2_000;

const hashAt = (row: number): string => hash("sha256", `row ${row}`);

function* rows(count: number): Generator<WitnessFact> {
  for (let row = 0; row < count; row += 1) {
    const product = Math.floor(row / RELEASES);
    const vendor = product % VENDORS;
    const version = `1.${row % RELEASES}.0`;
    const url = `https://downloads.example/vendor${vendor}/product${product}/${version}/setup.exe`;
    const packageId = `Vendor${vendor}.Product${product}`;
    const names = { packageId, product: `Product ${product}`, vendor: `Vendor ${vendor}` };
    yield { kind: "witness", witness: { sha256: hashAt(row), ...names, version, architecture: "x64", url } };
  }
}

async function measureLookups(count: number, find: (sha256: string) => Promise<boolean> | boolean) {
  const times: number[] = [];
  for (let lookup = 0; lookup < LOOKUPS; lookup += 1) {
    // Spread over all rows, and the same every time.
    const sha256 = hashAt((lookup * 7_919_771) % count);
    const started = performance.now();
    if (!(await find(sha256))) throw new Error(`${sha256} is not found`);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return {
    medianMilliseconds: times[LOOKUPS / 2] ?? 0,
    worstMilliseconds: times[Math.floor(LOOKUPS * 0.99)] ?? 0,
  };
}

const since = (started: number): number => (performance.now() - started) / 1000;

async function runProduct(file: string, count: number): Promise<WitnessTimes> {
  const intel = await openIntel({ file, clock: { now: () => new Date() }, sources: [] });
  const source = {
    ...{ id: "catalogue", title: "A catalogue", licence: "none", authority: "public" as const },
    ...{ answers: ["witness"] as const, staleAfterDays: 30 },
  };
  const load = (day: string) =>
    intel.load(
      { source, fetchedAt: new Date(day), sha256: hash("sha256", day), files: [] },
      { facts: rows(count) },
    );
  const started = performance.now();
  await load("2026-01-01");
  const importSeconds = since(started);
  const again = performance.now();
  await load("2026-02-01");
  const againSeconds = since(again);
  const answers = intel.answers();
  const lookups = await measureLookups(
    count,
    async (sha256) => (await answers.witnesses(sha256, { identifiers: [] })).agree.length === 1,
  );
  intel.close();
  return { importSeconds, againSeconds, ...lookups };
}

/** As little as can be done: every row as it comes, one index. */
async function runPlain(file: string, count: number): Promise<WitnessTimes> {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode=WAL");
  database.exec(
    "CREATE TABLE witness (sha256 BLOB, package TEXT, product TEXT, vendor TEXT, version TEXT, url TEXT)",
  );
  const insert = database.prepare("INSERT INTO witness VALUES (?, ?, ?, ?, ?, ?)");
  const started = performance.now();
  database.exec("BEGIN");
  for (const { witness } of rows(count)) {
    const { sha256, packageId, product = null, vendor = null, version = null, url = null } = witness;
    insert.run(Buffer.from(sha256, "hex"), packageId, product, vendor, version, url);
  }
  database.exec("CREATE INDEX witness_sha256 ON witness (sha256)");
  database.exec("COMMIT");
  const importSeconds = since(started);
  const find = database.prepare("SELECT * FROM witness WHERE sha256 = ?");
  const lookups = await measureLookups(count, (sha256) => find.all(Buffer.from(sha256, "hex")).length === 1);
  database.close();
  return { importSeconds, ...lookups };
}

if (import.meta.main) {
  const [way, file = "", count = "", result = ""] = process.argv.slice(2);
  const run = way === "plain" ? runPlain : runProduct;
  writeFileSync(result, JSON.stringify(await run(file, Number(count))));
}
