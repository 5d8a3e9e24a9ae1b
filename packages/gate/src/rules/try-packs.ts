/**
 * Compiles the rules that a person brought and tries them on bytes that were made to keep them busy. Runs in a process
 * of its own, because neither compiling nor scanning can be interrupted from within.
 * Source: YARA-X documentation, warnings; `potentially_slow_loop`.
 * @module
 */

import { ArtifactError, Budget, MemorySource } from "@sallyport/core";
import type { RulePack } from "./rule-pack.ts";
import { compileRules, type RuleSet } from "./rule-set.ts";

/** Bytes of one trial; as much may be asked of rules many thousand times in one artifact. */
const TRIAL_BYTES = 1024 * 1024;
/** Of the processor; a member may take half a second for each mebibyte, and something for the start. */
const TRIAL_MILLISECONDS = 4000;
const MOST_HITS = 10_000;

/** Repeated, these keep searches alive that look for a beginning, go on over anything and never find their end. */
const TRIALS = ["a", "\0", " ", "0", "ab", "MZ", "http://a", '"a":"b",', "A1B2C3D4"];

/** Modules that rules must not use: there is no sandbox's report, and rules say nothing of their own. */
const FORBIDDEN_IMPORT = /^[ \t]*import[ \t]+"(console|cuckoo)"/m;
const LOOP = "potentially_slow_loop";

/** @returns what is wrong with the pack, as the person is told; undefined when it can be used */
export async function tryPack({ name, source }: RulePack): Promise<string | undefined> {
  const forbidden = FORBIDDEN_IMPORT.exec(source)?.[1];
  if (forbidden !== undefined) return `${name}: imports the module ${forbidden}, which is not to be had here`;
  const compiled = await compileRules([{ namespace: name, text: source }], {
    mostHits: MOST_HITS,
    mayAskExternals: true,
  }).catch((error: Error) => explain(name, error.message));
  if (typeof compiled === "string") return compiled;
  // A file that lost its rules would pass everything.
  if (!/\brule\b/.test(source)) return `${name}: holds no rule`;
  const loop = compiled.warnings.find((warning) => warning.includes(LOOP));
  if (loop !== undefined) return explain(name, loop);
  return tryOut(name, compiled);
}

async function tryOut(name: string, rules: RuleSet): Promise<string | undefined> {
  const externals = { filename: "a", filepath: "", extension: "", filetype: "DATA", owner: "" };
  const request = { externals, budget: new Budget(), maxHeldBytes: TRIAL_BYTES };
  for (const text of TRIALS) {
    const began = process.cpuUsage();
    try {
      await rules.scan(new MemorySource(Buffer.alloc(TRIAL_BYTES, text)), request);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      return `${name}: the rules could not be asked to the end of ${TRIAL_BYTES} bytes of ${JSON.stringify(text)}`;
    }
    const { user, system } = process.cpuUsage(began);
    const spent = (user + system) / 1000;
    if (spent > TRIAL_MILLISECONDS)
      return `${name}: the rules take ${Math.ceil(spent / 1000)} s over ${TRIAL_BYTES} bytes of ${JSON.stringify(text)}; give patterns a bound where they repeat`;
  }
  return undefined;
}

/** `error[E009]: unknown identifier` with the place below it becomes one line that an editor can jump to. */
function explain(name: string, message: string): string {
  const lines = message.split("\n");
  const what = (lines[0] ?? "").replace(/^(?:Error: )?(?:error|warning)\[\w{1,40}\]: /, "");
  const place = /:(\d{1,9}):(\d{1,9})$/.exec(lines[1] ?? "");
  const at = place === null ? name : `${name}:${place[1]}:${place[2]}`;
  if (message.includes(LOOP)) return `${at}: may loop over a whole file for each byte of it (${LOOP})`;
  if (what.includes("including file")) return `${at}: includes another file; give that file itself instead`;
  // What the compiler writes below the place says more than its title.
  const detail = /^[ |]*\^+ (.+)$/m.exec(message)?.[1];
  return `${at}: ${what}${detail === undefined ? "" : `: ${detail}`}`;
}
