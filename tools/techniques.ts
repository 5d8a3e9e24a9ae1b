/**
 * Tries techniques of intruders, harmless, on releases made in code and on real ones, and says which were found, by
 * what, and how loud the ordinary change was that each resembles.
 *
 *     npm run techniques
 *     npm run techniques -- --only setuid-bit --on built
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { techniques } from "./techniques/registry.ts";
import type { ReleaseKind } from "./techniques/release.ts";
import { lineOf, tablesOf, totalsOf } from "./techniques/report.ts";
import { type Subject, type Trial, tryTechnique } from "./techniques/run.ts";
import { selectPackages } from "./techniques/select.ts";
import { subjectsOf } from "./techniques/subjects.ts";
import type { Technique } from "./techniques/technique.ts";
import { inventWorld } from "./techniques/world.ts";

const PAGE = resolve(import.meta.dirname, "../docs/techniques.md");
const MARK = "<!-- below: written by npm run techniques -->";

const { values } = parseArgs({
  options: {
    select: { type: "string" },
    only: { type: "string" },
    on: { type: "string", default: "all" },
    "at-once": { type: "string", default: "2" },
    minutes: { type: "string", default: "240" },
    packages: { type: "string", default: "99" },
    write: { type: "boolean", default: false },
  },
});

const ON: Readonly<Record<string, string>> = {
  all: "releases made in code and real ones",
  built: "releases made in code only",
  real: "real releases only",
};

const world = inventWorld();
/** Fetched, unpacked and signed once, however many techniques are tried on it. */
const subjects = new Map<ReleaseKind, Promise<readonly Subject[]>>();

async function main(): Promise<void> {
  const { only } = values;
  const chosen = techniques.filter(
    ({ id, kind }) => only === undefined || kind === only || id.includes(only),
  );
  const trials = await tryAll(chosen);
  const tables = tablesOf(trials);
  console.log(`\n${tables}`);
  if ((only === undefined && values.on === "all") || values.write) await writePage(tables);
  const { found, failed, loudTwins } = totalsOf(trials);
  process.exitCode = found + failed === trials.length && failed === 0 && loudTwins === 0 ? 0 : 1;
}

interface Job {
  readonly technique: Technique;
  readonly subject: Subject;
}

/** Some at a time, each technique once before any twice; told in the order of the registry. */
async function tryAll(chosen: readonly Technique[]): Promise<readonly Trial[]> {
  const until = Date.now() + Number(values.minutes) * 60_000;
  const jobs = await jobsFor(chosen);
  const trials: Trial[] = [];
  const pending = jobs.values();
  const work = async (): Promise<void> => {
    for (const { technique, subject } of pending) {
      if (Date.now() > until) continue;
      const trial = await tryTechnique(technique, subject, world);
      trials.push(trial);
      console.log(lineOf(trial));
    }
  };
  await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
  return trials.toSorted(
    (a, b) =>
      chosen.indexOf(a.technique) - chosen.indexOf(b.technique) || a.subject.localeCompare(b.subject, "en"),
  );
}

async function jobsFor(chosen: readonly Technique[]): Promise<readonly Job[]> {
  const jobs: (Job & { readonly round: number })[] = [];
  for (const technique of chosen)
    for (const [round, subject] of (await subjectsFor(technique.kind)).entries())
      if (round < Number(values.packages)) jobs.push({ technique, subject, round });
  return jobs.toSorted((a, b) => a.round - b.round);
}

function subjectsFor(kind: ReleaseKind): Promise<readonly Subject[]> {
  const own = subjects.get(kind) ?? subjectsOf(kind, values.on, world);
  subjects.set(kind, own);
  return own;
}

/** What people wrote stays, the tables below the mark are new. */
async function writePage(tables: string): Promise<void> {
  const text = await readFile(PAGE, "utf8");
  const place = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}; tried on ${ON[values.on] ?? values.on}.`;
  await writeFile(PAGE, `${text.slice(0, text.indexOf(MARK))}${MARK}\n\n${place}\n\n${tables}`);
}

if (values.select !== undefined) await selectPackages(values.select);
else if (hasApt()) await main();
else console.log(`not run: ${NO_APT}`);
