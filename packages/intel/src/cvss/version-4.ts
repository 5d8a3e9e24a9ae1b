/**
 * CVSS 4.0, base metrics: a table of the scores of groups of vectors, and how far a vector lies below the worst one of its
 * group. Source: FIRST, CVSS v4.0 Specification Document, §8.2 and tables 24 to 30; scores: its published macro vectors.
 *
 * Threat and environment are not told, so exploitation counts as attacked (E:A) and every need as high, as §8 asks. That
 * leaves 36 of the 270 groups; the others are their neighbours.
 * @module
 */

import type { Metrics } from "./metrics.ts";
import scores from "./version-4-scores.json" with { type: "json" };

/** Steps of severity, the worst first. §8.2, table 30. */
const LEVELS: Readonly<Record<string, string>> = {
  ...{ AV: "NALP", PR: "NLH", UI: "NPA", AC: "LH", AT: "NP" },
  ...{ VC: "HLN", VI: "HLN", VA: "HLN", SC: "HLN", SI: "HLN", SA: "HLN" },
};

/** The worst vectors of a group's part, and how many steps lie below them. Tables 24 to 28. */
interface Part {
  readonly metrics: readonly string[];
  readonly worst: readonly string[];
  readonly depth: number;
}
const EXPLOIT = ["AV", "PR", "UI"];
const COMPLEXITY = ["AC", "AT"];
const VULNERABLE = ["VC", "VI", "VA"];
const SUBSEQUENT = ["SC", "SI", "SA"];
const PARTS: Readonly<Record<string, readonly Part[]>> = {
  exploit: [
    { metrics: EXPLOIT, worst: ["NNN"], depth: 1 },
    { metrics: EXPLOIT, worst: ["ANN", "NLN", "NNP"], depth: 4 },
    { metrics: EXPLOIT, worst: ["PNN", "ALP"], depth: 5 },
  ],
  complexity: [
    { metrics: COMPLEXITY, worst: ["LN"], depth: 1 },
    { metrics: COMPLEXITY, worst: ["HN", "LP"], depth: 2 },
  ],
  vulnerable: [
    { metrics: VULNERABLE, worst: ["HHH"], depth: 7 },
    { metrics: VULNERABLE, worst: ["LHH", "HLH"], depth: 8 },
    { metrics: VULNERABLE, worst: ["LLL"], depth: 10 },
  ],
  subsequent: [
    { metrics: SUBSEQUENT, worst: [], depth: 6 },
    { metrics: SUBSEQUENT, worst: ["HHH"], depth: 5 },
    { metrics: SUBSEQUENT, worst: ["LLL"], depth: 4 },
  ],
};
const TABLE: ReadonlyMap<string, number> = new Map(Object.entries(scores.macroVectors));

export function scoreVersion4(metrics: Metrics): number | undefined {
  for (const [name, values] of Object.entries(LEVELS)) {
    const value = metrics.get(name) ?? "";
    if (value.length !== 1 || !values.includes(value)) return undefined;
  }
  const has = (names: readonly string[], value: string) => names.some((name) => metrics.get(name) === value);
  if (![...VULNERABLE, ...SUBSEQUENT].some((name) => metrics.get(name) !== "N")) return 0;
  const all = (names: readonly string[], text: string) =>
    names.every((name, at) => metrics.get(name) === text[at]);
  const exploit = all(EXPLOIT, "NNN") ? 0 : has(["AV"], "P") || !has(EXPLOIT, "N") ? 2 : 1;
  const complexity = all(COMPLEXITY, "LN") ? 0 : 1;
  const vulnerable = all(["VC", "VI"], "HH") ? 0 : has(VULNERABLE, "H") ? 1 : 2;
  const subsequent = has(SUBSEQUENT, "H") ? 1 : 2;
  return interpolate(metrics, { exploit, complexity, vulnerable, subsequent });
}

type Group = Readonly<Record<"exploit" | "complexity" | "vulnerable" | "subsequent", number>>;

/** §8.2: the mean of how far each part lies below its worst, in shares of the way to the next group. */
function interpolate(metrics: Metrics, group: Group): number | undefined {
  const { exploit, complexity, vulnerable, subsequent } = group;
  // EQ6: with every need high, it is 0 when one of the three impacts is.
  const needs = vulnerable === 2 ? 1 : 0;
  const score = at(exploit, complexity, vulnerable, subsequent, 0, needs);
  if (score === undefined) return undefined;
  const below: readonly (readonly [keyof Group | undefined, number | undefined])[] = [
    ["exploit", at(exploit + 1, complexity, vulnerable, subsequent, 0, needs)],
    ["complexity", at(exploit, complexity + 1, vulnerable, subsequent, 0, needs)],
    ["vulnerable", belowVulnerable(group, needs)],
    ["subsequent", at(exploit, complexity, vulnerable, subsequent + 1, 0, needs)],
    [undefined, at(exploit, complexity, vulnerable, subsequent, 1, needs)],
  ];
  const shares = below.flatMap(([name, next]) =>
    next === undefined
      ? []
      : [name === undefined ? 0 : (score - next) * shareOf(metrics, PARTS[name]?.[group[name]])],
  );
  const mean = shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  // As published: a hair is added, so that 8.65 is no 8.6 because of how machines count.
  return Math.round((Math.min(10, Math.max(0, score - mean)) + 1e-6) * 10) / 10;
}

function belowVulnerable(
  { exploit, complexity, vulnerable, subsequent }: Group,
  needs: number,
): number | undefined {
  const lessImpact = at(exploit, complexity, vulnerable + 1, subsequent, 0, needs);
  const lessNeed = needs === 0 ? at(exploit, complexity, vulnerable, subsequent, 0, 1) : undefined;
  if (vulnerable === 1) return lessNeed;
  if (lessImpact === undefined || lessNeed === undefined) return lessImpact ?? lessNeed;
  return Math.max(lessImpact, lessNeed);
}

const at = (...group: readonly number[]): number | undefined => TABLE.get(group.join(""));

function shareOf(metrics: Metrics, part: Part | undefined): number {
  if (part === undefined) return 0;
  for (const worst of part.worst) {
    const steps = part.metrics.map((name, index) => {
      const levels = LEVELS[name] ?? "";
      return levels.indexOf(metrics.get(name) ?? "") - levels.indexOf(worst[index] ?? "");
    });
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0) / part.depth;
  }
  return 0;
}
