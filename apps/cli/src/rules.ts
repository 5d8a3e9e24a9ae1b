/** The flag for rules that a person brings along. @module */

import { join } from "node:path";
import type { RulePack } from "@sallyport/gate";
import type { Command } from "commander";
import { makeHome } from "./home.ts";
import { collected } from "./options.ts";

export interface RulesOptions {
  readonly rules: readonly string[];
}

export const addRulesOption = (command: Command): Command =>
  command.option(
    "--rules <path>",
    "YARA rules to ask of every file inside: a file, or a folder of .yar files; repeatable",
    collected,
    [],
  );

/**
 * Reads the rules, and has them compiled and tried in a process of their own.
 * @param home - the data folder, in which that process has its scratch folder
 * @throws UsageError `usage.rules`, before anything is opened
 */
export async function readRules(
  { rules }: RulesOptions,
  home: string,
  maxMemoryBytes: number,
): Promise<readonly RulePack[]> {
  if (rules.length === 0) return [];
  const { checkRulePacks, readRulePacks } = await import("@sallyport/gate");
  const packs = await readRulePacks(rules);
  makeHome(home);
  await checkRulePacks({ packs, scratchRoot: join(home, "scratch"), maxMemoryBytes });
  return packs;
}
