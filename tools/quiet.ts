/**
 * Compares ordinary consecutive releases of public packages, and counts what a person would have been told. The list
 * and its rule are in tools/quiet.
 *
 *     npm run quiet
 *     npm run quiet -- --only rolldown --mode forward --show
 *     npm run quiet -- --only pe
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { LIST, type PackageVersions, readPairs } from "./quiet/pair.ts";
import { lineOf, tablesOf, totalsOf } from "./quiet/report.ts";
import { jobsOf, MODES, type Result, runJobs } from "./quiet/run.ts";
import { selectDebian } from "./quiet/select-debian.ts";
import { selectNpm } from "./quiet/select-npm.ts";
import { usedByTests } from "./quiet/used-by-tests.ts";

const root = resolve(import.meta.dirname, "..");
const PAGE = join(root, "docs/quiet.md");
const MARK = "<!-- below: written by npm run quiet -->";

const { values } = parseArgs({
  options: {
    select: { type: "string" },
    only: { type: "string" },
    mode: { type: "string", default: "all" },
    minutes: { type: "string", default: "Infinity" },
    show: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

if (values.select === undefined) await main();
else await select(values.select);

async function main(): Promise<void> {
  const { only } = values;
  const modes = MODES.filter((mode) => values.mode === "all" || values.mode === mode);
  const packages = (await readPairs()).filter(
    ({ group, name }) => only === undefined || group === only || name.includes(only),
  );
  const jobs = jobsOf(packages, modes);
  const tell = (result: Result): void => {
    console.log(lineOf(result));
    if (values.show) showDifferences(result);
  };
  const results = await runJobs(jobs, tell, performance.now() + Number(values.minutes) * 60_000);
  const rest = jobs.length - results.length;
  const isCut =
    rest === 0
      ? ""
      : `The run was ended by \`--minutes\`, with ${rest} of ${jobs.length} comparisons not begun.\n\n`;
  const tables = `${isCut}${tablesOf(results)}`;
  console.log(`\n${tables}`);
  if ((only === undefined && values.mode === "all") || values.write) await writePage(tables);
  process.exitCode = holds(results) ? 0 : 1;
}

/** The aims: none refused, one held at most, three findings above info in the middle. */
function holds(results: readonly Result[]): boolean {
  const { refused, held, median } = totalsOf(results.filter(({ mode }) => mode === "forward"));
  return refused === 0 && held <= 1 && median <= 3;
}

function showDifferences(result: Result): void {
  for (const { trait, rule, risk, because, path } of result.comparison?.differences ?? [])
    if (risk !== "info") console.log(`    ${risk} ${trait}/${rule}: ${path}: ${because}`);
  for (const { path, because } of result.comparison?.notCompared ?? [])
    console.log(`    not compared: ${path}: ${because}`);
  for (const { path = "", because } of result.comparison?.faults ?? [])
    console.log(`    fault: ${path}: ${because}`);
  if (result.comparison?.sameProduct === false) console.log("    another product");
}

/** What people wrote stays, the tables below the mark are new. */
async function writePage(tables: string): Promise<void> {
  const text = await readFile(PAGE, "utf8");
  const place = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}.`;
  await writeFile(PAGE, `${text.slice(0, text.indexOf(MARK))}${MARK}\n\n${place}\n\n${tables}`);
}

/** @param names - a table of npm's packages with their downloads */
async function select(names: string): Promise<void> {
  const used = await usedByTests();
  const debian = await selectDebian(used);
  const npm = await selectNpm({ names: await readFile(names, "utf8"), used });
  const packages: readonly PackageVersions[] = [...npm, ...debian];
  await writeFile(LIST, `${JSON.stringify({ packages }, undefined, 2)}\n`);
}
