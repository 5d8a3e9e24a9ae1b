/** Asks the rules that a person brought with `--rules` of one member; each match is evidence. @module */

import type { ByteSource } from "@sallyport/core";
import type { RulePack } from "../../rules/rule-pack.ts";
import { compileRules, type RuleMatch, type RuleSet } from "../../rules/rule-set.ts";
import type { ObserveContext } from "../trait.ts";
import { externalsOf } from "./externals.ts";

/** Conditions of brought rules can count up to it. */
const MOST_HITS = 10_000;
/** Matches of one member that are told of. */
const MOST_TOLD = 50;
const DESCRIPTION_CHARACTERS = 300;

/** The packs of a run are one array, which is kept: they are compiled once in a thread. */
const compiled = new WeakMap<readonly RulePack[], Promise<RuleSet>>();

/** Does nothing when none were brought. */
export async function askBroughtRules(source: ByteSource, context: ObserveContext): Promise<void> {
  const { rulePacks, report } = context;
  if (rulePacks.length === 0) return;
  const rules = await broughtRules(rulePacks);
  const matches = await rules.scan(source, { ...context, externals: externalsOf(context) });
  if (matches.length === 0)
    report({ check: "rules", outcome: "pass", because: "no rule that was brought along matches", facts: {} });
  for (const match of matches.slice(0, MOST_TOLD)) report(findingOf(match));
  if (matches.length > MOST_TOLD)
    report({
      check: "rules",
      outcome: "fail",
      because: `matches ${matches.length - MOST_TOLD} more rules that were brought along`,
      facts: {},
    });
}

function broughtRules(packs: readonly RulePack[]): Promise<RuleSet> {
  const known = compiled.get(packs);
  if (known !== undefined) return known;
  const sources = packs.map(({ name, source }) => ({ namespace: name, text: source }));
  const fresh = compileRules(sources, { mostHits: MOST_HITS, mayAskExternals: true });
  compiled.set(packs, fresh);
  return fresh;
}

function findingOf({ rule, namespace, metadata, hits }: RuleMatch) {
  const description = metadata.description?.slice(0, DESCRIPTION_CHARACTERS);
  const told = description === undefined || description === "" ? "" : `: ${description}`;
  const [first] = hits;
  return {
    check: "rules",
    outcome: "fail",
    because: `matches the rule ${rule} of ${namespace}${told}`,
    facts: {
      rule,
      pack: namespace,
      patterns: hits.map(({ pattern }) => pattern),
      ...(first !== undefined && { offsetBytes: first.offsetBytes, lengthBytes: first.lengthBytes }),
    },
  } as const;
}
