/**
 * How long whole runs of the product take, beside the program that does the nearest thing, in the same minutes on
 * the same machine, and how much memory all its processes hold together. Ratios travel between machines; times do not.
 *
 *     npm run bench
 *     npm run bench -- --rounds 11
 * @module
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { measureArchives } from "./archives.ts";
import { measureFormats } from "./formats.ts";
import { measureHunt } from "./hunt.ts";
import { measureIntel } from "./intel.ts";
import { measureMatcher } from "./matcher.ts";
import { describeMachine, interleave, median } from "./measure.ts";
import { measureMemory } from "./memory.ts";
import { measureProgram } from "./program.ts";
import { measureReleases } from "./releases.ts";
import type { Figure, Stage } from "./stage.ts";

const root = resolve(import.meta.dirname, "..");

async function measureStart({ sallyport, rounds }: Stage): Promise<readonly Figure[]> {
  const seconds = await interleave(
    {
      ours: sallyport("--version"),
      theirs: { program: process.execPath, args: ["-e", "console.log(process.version)"] },
    },
    rounds * 3,
  );
  const [ours, theirs] = [median(seconds.ours), median(seconds.theirs)];
  return [
    {
      what: "start: `sallyport --version`",
      ours: `${ours.toFixed(2)} s`,
      beside: `${theirs.toFixed(2)} s, node -e`,
      result: `+${(ours - theirs).toFixed(2)} s`,
      aim: "≤ +0.25 s",
      holds: ours - theirs <= 0.25,
    },
  ];
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string" } },
});
const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
const home = join(folder, "home");
const stage: Stage = {
  folder,
  rounds: Number(values.rounds),
  sallyport: (...args) => ({
    program: join(root, "sallyport"),
    args,
    env: { ...process.env, SALLYPORT_HOME: home },
    expected: [0, 10, 20],
  }),
};
const parts = {
  start: measureStart,
  program: measureProgram,
  archives: measureArchives,
  formats: measureFormats,
  releases: measureReleases,
  memory: measureMemory,
  intel: measureIntel,
  matcher: measureMatcher,
  hunt: measureHunt,
};

console.log(describeMachine());
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (values.only !== undefined && values.only !== name) continue;
    for (const { what, ours, beside, result, aim, holds } of await measure(stage))
      console.log(`| ${what} | ${ours} | ${beside} | ${result} | ${aim} | ${holds ? "yes" : "no"} |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
