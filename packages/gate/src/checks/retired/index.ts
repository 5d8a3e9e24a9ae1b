/**
 * Software that its maker took back, or that gets no fixes any more, is the easiest to trust and the worst to run: nobody looks
 * after it, and what is wrong with it stays wrong. Asked of the artifact itself and of what it brings along.
 * @module
 */

import type { Claim, Intel, Known, Lifecycle } from "@sallyport/core";
import type { Check, CheckContext, CheckResult, Observation } from "../check.ts";
import { listed, toldBy } from "../told-by.ts";
import { type Asked, type Part, readAsked, writeAsked } from "./asked.ts";
import { inferred } from "./inferred.ts";
import { isOver, type Life, lifeOf } from "./life.ts";
import { tellParts } from "./parts.ts";
import { questionOf } from "./question.ts";
import { factsOf, nameOf, tell } from "./sentence.ts";
import { unasked, unlistedRemark } from "./unasked.ts";

export const retired: Check = {
  id: "retired",
  question: "Does somebody still look after it, and after what it brings along?",
  kind: "world",
  document: "docs/policy.md, retired software; OpenEoX Core 1.0",
  policyFacts: { phase: "String", product: "String", productIsOver: "Bool", partIsOver: "Bool" },
  recall: {
    ask: ({ artifact, context }) => writeAsked(questionOf(artifact, context.label)),
    answer: async (asked, context) => answer(readAsked(asked), context),
  },
};

async function answer(asked: Asked, { intel, clock }: CheckContext): Promise<CheckResult> {
  if (intel === undefined) return { notChecked: "nothing that the world knows is at hand" };
  if (intel.snapshotsOn("lifecycle").length === 0)
    return { notChecked: "no source of lifecycles was read here; run: sallyport intel sync endoflife" };
  const now = clock.now();
  const product = await productLife(asked.product, intel, now);
  const parts = await partLives(asked.parts, intel, now);
  const about = nameOf(
    asked.product.find((claim) => claim.product !== undefined) ?? asked.product[0] ?? { identifiers: [] },
  );
  const seen = [
    ...(product.life === undefined ? [] : [observe(about, product.life, now)]),
    ...tellParts(parts, now),
    ...inferred(asked, product.life, now),
  ];
  const told = [...seen, ...unasked(asked, NOTHING_OVER)];
  return told.length > 0 && (product.life !== undefined || told.some(isTelling))
    ? told
    : { notChecked: nothingKnown(about, product.possible, intel) + unlistedRemark(asked) };
}

const NOTHING_OVER = { phase: "", product: "", productIsOver: false, partIsOver: false };

const isTelling = ({ outcome, facts }: Observation): boolean => outcome !== "pass" || facts.notable === true;

interface ProductLife {
  readonly life: Life | undefined;
  readonly possible: readonly Known<Lifecycle>[];
}

async function productLife(claims: readonly Claim[], intel: Intel, now: Date): Promise<ProductLife> {
  const known: Known<Lifecycle>[] = [];
  for (const claim of claims) known.push(...(await intel.lifecycles(claim)));
  return {
    life: lifeOf(known, intel.snapshots, now),
    possible: known.filter(({ match }) => match === "possible"),
  };
}

/** @returns those of which something is known */
async function partLives(
  parts: readonly Part[],
  intel: Intel,
  now: Date,
): Promise<readonly { readonly part: Part; readonly life: Life }[]> {
  const lives: { readonly part: Part; readonly life: Life }[] = [];
  for (const part of parts) {
    const life = lifeOf(await intel.lifecycles(part.claim), intel.snapshots, now);
    if (life !== undefined) lives.push({ part, life });
  }
  return lives;
}

function observe(name: string, life: Life, now: Date): Observation {
  const over = isOver(life);
  return {
    outcome: over ? "fail" : "pass",
    because: tell(name, life, now),
    facts: {
      ...factsOf(life),
      product: name,
      productIsOver: over && life.phase !== "no-security-fixes",
      partIsOver: life.phase === "no-security-fixes",
      ...(life.phase === "near" && { notable: true }),
    },
  };
}

/** Silence is never support, and it is said what was silent. */
function nothingKnown(name: string, possible: readonly Known<Lifecycle>[], intel: Intel): string {
  const sources = listed(intel.snapshotsOn("lifecycle").map(toldBy));
  const [first] = possible;
  const hint = first === undefined ? "" : `; it may be ${first.fact.product}: ${first.because}`;
  return `whether ${name} is still supported is not known: nothing about it in ${sources}${hint}`;
}
