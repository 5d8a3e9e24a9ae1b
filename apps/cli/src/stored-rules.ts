/** Rules that were brought by `intel import`: tried once, and asked in every check from then on. @module */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RulePack } from "@sallyport/gate";
import type { Home } from "./home.ts";
import { writeWhole } from "./write-file.ts";

export interface StoredRules {
  readonly packs: readonly RulePack[];
  /** Each with its name and why. */
  readonly refused: readonly string[];
}

/** By the hash of a file of rules: what is wrong with it, empty when nothing is. */
type Trials = Readonly<Record<string, string>>;

const TRIALS_FILE = "rules-tried.json";

/** @param say - told once of every file that is refused */
export async function storedRules(
  home: Home,
  { folder, maxMemoryBytes }: { readonly folder: string; readonly maxMemoryBytes: number },
  say: (because: string) => void,
): Promise<StoredRules> {
  const packs: RulePack[] = [];
  for (const { fact, snapshot } of (await home.intel()).every("rule"))
    packs.push({ name: `${snapshot.source}: ${fact.name}`, source: fact.text, snapshot: snapshot.id });
  if (packs.length === 0) return { packs, refused: [] };
  const path = join(folder, TRIALS_FILE);
  const known = await readTrials(path);
  const fresh = packs.filter((pack) => known[keyOf(pack)] === undefined);
  const trials = fresh.length === 0 ? known : { ...known, ...(await tryAll(fresh, home, maxMemoryBytes)) };
  const outcomes = packs.map((pack) => ({ pack, because: trials[keyOf(pack)] ?? "was not tried" }));
  const refused = outcomes.filter(({ because }) => because !== "");
  if (fresh.length > 0) {
    // Only what is still here: a pack that was replaced needs no memory.
    const kept = Object.fromEntries(outcomes.map(({ pack, because }) => [keyOf(pack), because]));
    await writeWhole(path, `${JSON.stringify(kept)}\n`);
    for (const { because } of refused) say(because);
  }
  return {
    packs: outcomes.filter(({ because }) => because === "").map(({ pack }) => pack),
    refused: refused.map(({ because }) => because),
  };
}

async function tryAll(packs: readonly RulePack[], home: Home, maxMemoryBytes: number): Promise<Trials> {
  const { sortRulePacks } = await import("@sallyport/gate");
  const { usable, refused } = await sortRulePacks({ packs, scratchRoot: home.scratchRoot, maxMemoryBytes });
  return Object.fromEntries([
    ...usable.map((pack) => [keyOf(pack), ""]),
    ...refused.map(({ pack, because }) => [keyOf(pack), because]),
  ]);
}

/** With its name: it stands in the sentence about it. */
const keyOf = ({ name, source }: RulePack): string =>
  createHash("sha256").update(`${name}\0${source}`).digest("hex");

/** What cannot be read is tried again. */
async function readTrials(path: string): Promise<Trials> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter(([, because]) => typeof because === "string"));
  } catch {
    return {};
  }
}
