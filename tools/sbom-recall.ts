/**
 * Compares bills of materials with what independent tools list of the same packages: `npm ls`, `pip inspect`,
 * `dpkg-query`, the JDK's `jar`, `go version -m`. Packages are fetched by their ordinary clients; a case whose tool is
 * missing says so.
 *
 *     npm run sbom-recall
 *     npm run sbom-recall -- --only express --show
 * @module
 */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { DEFAULT_LIMITS, silentLog } from "../packages/core/src/index.ts";
import { billOfMaterials, defaultTrust, openArtifact } from "../packages/gate/src/index.ts";
import { type Case, cases } from "./sbom-recall/cases.ts";
import { compare, type Row, tableOf } from "./sbom-recall/compare.ts";

const root = resolve(import.meta.dirname, "..");
const PAGE = join(root, "docs/sbom.md");
const MARK = "<!-- below: written by npm run sbom-recall -->";
const MEMORY_BYTES = 2 * 1024 ** 3;

const { values } = parseArgs({
  options: { only: { type: "string" }, show: { type: "boolean", default: false } },
});

const rows: Row[] = [];
const scratch = mkdtempSync(join(tmpdir(), "sbom-recall-"));
try {
  for (const one of cases.filter(({ name }) => values.only === undefined || name.includes(values.only)))
    await measure(one);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const table = tableOf(rows);
console.log(`\n${table}`);
if (values.only === undefined) writePage();

async function measure(one: Case): Promise<void> {
  const folder = join(scratch, one.name.replaceAll(/[^a-z0-9]+/gi, "-"));
  mkdirSync(folder);
  try {
    const { artifact, expected } = one.prepare(folder);
    const row = compare(one, expected, await componentsOf(artifact, folder));
    rows.push(row);
    console.log(`${one.name}: ${row.agreed} of ${row.expected} found, ${row.unexpected.length} more`);
    if (values.show)
      for (const text of [
        ...row.missing.map((name) => `- ${name}`),
        ...row.unexpected.map((name) => `+ ${name}`),
      ])
        console.log(`  ${text}`);
  } catch (error) {
    console.log(
      `${one.name}: not measured: ${String(error instanceof Error ? error.message : error).split("\n", 1)[0]}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Package URLs of everything in the document. */
async function componentsOf(path: string, scratchRoot: string): Promise<string[]> {
  const opening = await openArtifact({
    path,
    label: "package",
    limits: DEFAULT_LIMITS,
    maxMemoryBytes: MEMORY_BYTES,
    scratchRoot,
    trust: defaultTrust(),
    now: new Date(),
    log: silentLog,
  });
  const { components = [], metadata } = JSON.parse(JSON.stringify(billOfMaterials(opening, "0"))) as {
    components?: { purl?: string }[];
    metadata: { component: { purl?: string } };
  };
  return [metadata.component, ...components].flatMap(({ purl }) => purl ?? []);
}

function writePage(): void {
  const page = readFileSync(PAGE, "utf8");
  writeFileSync(PAGE, `${page.slice(0, page.indexOf(MARK) + MARK.length)}\n\n${table}`);
}
