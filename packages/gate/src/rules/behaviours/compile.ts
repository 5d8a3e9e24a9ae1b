/** Our own rules, read from their folders and compiled once. @module */

import { readFileSync } from "node:fs";
import { makePrefilter, type Prefilter } from "../prefilter/prefilter.ts";
import { compileRules, type RuleSet, type RuleSource } from "../rule-set.ts";
import { behaviours } from "./registry.ts";

/** Beyond what a condition of ours counts. */
const MOST_HITS = 32;

let compiled: Promise<RuleSet> | undefined;

/** @returns the rules of every behaviour, compiled when they are first asked for */
export function behaviourRules(): Promise<RuleSet> {
  compiled ??= compileRules(behaviourSources(), { mostHits: MOST_HITS, mayAskExternals: false });
  return compiled;
}

let prefilter: Prefilter | undefined;

/** @returns what tells small texts that none of them can match */
export function behaviourPrefilter(): Prefilter {
  prefilter ??= makePrefilter(behaviourSources().map(({ text }) => text));
  return prefilter;
}

/** @returns the text of each behaviour's rules; its namespace is the behaviour's id */
export const behaviourSources = (): RuleSource[] =>
  behaviours.map(({ id }) => ({ namespace: id, text: readFileSync(ruleFile(id), "utf8") }));

const isSource = import.meta.url.endsWith(".ts");

/** In the sources beside this file; in the bundle below it. */
const ruleFile = (id: string): URL =>
  new URL(`./${isSource ? "" : "behaviours/"}${id}/rule.yar`, import.meta.url);
