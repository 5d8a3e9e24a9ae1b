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
import type { PackageVersions } from "./quiet/pair.ts";
import { builtReleases } from "./techniques/built.ts";
import { techniques } from "./techniques/registry.ts";
import type { ReleaseKind } from "./techniques/release.ts";
import { lineOf, tablesOf, totalsOf } from "./techniques/report.ts";
import { type Subject, type Trial, tryTechnique } from "./techniques/run.ts";
import { readPackages, selectPackages } from "./techniques/select.ts";
import { realReleases } from "./techniques/unpack.ts";
import { inventWorld } from "./techniques/world.ts";

const PAGE = resolve(import.meta.dirname, "../docs/techniques.md");
const MARK = "<!-- below: written by npm run techniques -->";
const AT_ONCE = 2;

const { values } = parseArgs({
  options: {
    select: { type: "string" },
    only: { type: "string" },
    on: { type: "string", default: "all" },
  },
});

const world = inventWorld();
/** Fetched, unpacked and signed once, however many techniques are tried on it. */
const subjects = new Map<ReleaseKind, Promise<readonly Subject[]>>();

if (values.select !== undefined) await selectPackages(values.select);
else if (hasApt()) await main();
else console.log(`not run: ${NO_APT}`);

async function main(): Promise<void> {
  const { only } = values;
  const chosen = techniques.filter(
    ({ id, kind }) => only === undefined || kind === only || id.includes(only),
  );
  const trials: Trial[] = [];
  for (const technique of chosen)
    for (const trial of await tryEverywhere(technique)) {
      trials.push(trial);
      console.log(lineOf(trial));
    }
  const tables = tablesOf(trials);
  console.log(`\n${tables}`);
  if (only === undefined && values.on === "all") await writePage(tables);
  const { found, failed, loudTwins } = totalsOf(trials);
  process.exitCode = found + failed === trials.length && failed === 0 && loudTwins === 0 ? 0 : 1;
}

async function tryEverywhere(technique: (typeof techniques)[number]): Promise<readonly Trial[]> {
  let own = subjects.get(technique.kind);
  if (own === undefined) {
    own = subjectsOf(technique.kind);
    subjects.set(technique.kind, own);
  }
  const results: Trial[] = [];
  const pending = (await own).entries();
  const work = async (): Promise<void> => {
    for (const [place, subject] of pending) results[place] = await tryTechnique(technique, subject, world);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}

const WANTED: Readonly<Record<ReleaseKind, (one: PackageVersions) => boolean>> = {
  windows: ({ group }) => group === "pe",
  installer: ({ group }) => group === "pe",
  macos: ({ group, name }) => group === "mach-o" && name.endsWith("arm64"),
  linux: ({ group, registry }) => group === "elf" && registry === "npm",
  javascript: ({ group, registry }) => group === "scripts" && registry === "npm",
  electron: ({ group }) => group === "asar",
  debian: ({ group, registry }) => group === "elf" && registry === "debian",
  python: ({ group, registry }) => group === "scripts" && registry === "debian",
};

async function subjectsOf(kind: ReleaseKind): Promise<readonly Subject[]> {
  const found: Subject[] = [];
  if (values.on !== "real") found.push({ name: "built", releases: await builtReleases(kind, world) });
  if (values.on === "built") return found;
  const packages = await readPackages();
  for (const one of packages.filter(WANTED[kind])) {
    const releases = await realReleases({ one, packages, kind, world });
    const name = `${one.name} ${releases.before.version} → ${releases.after.version}`;
    found.push({ name, releases });
  }
  return found;
}

/** What people wrote stays, the tables below the mark are new. */
async function writePage(tables: string): Promise<void> {
  const text = await readFile(PAGE, "utf8");
  const place = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}.`;
  await writeFile(PAGE, `${text.slice(0, text.indexOf(MARK))}${MARK}\n\n${place}\n\n${tables}`);
}
