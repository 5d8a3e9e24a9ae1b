/** CVSS 2, base metrics. Source: FIRST, A Complete Guide to CVSS Version 2.0, §3.2.1. @module */

import { type Metrics, weigh } from "./metrics.ts";

const IMPACT = { C: 0.66, P: 0.275, N: 0 };
const WEIGHTS = {
  AV: { N: 1, A: 0.646, L: 0.395 },
  AC: { L: 0.71, M: 0.61, H: 0.35 },
  Au: { N: 0.704, S: 0.56, M: 0.45 },
  C: IMPACT,
  I: IMPACT,
  A: IMPACT,
};

export function scoreVersion2(metrics: Metrics): number | undefined {
  const found = weigh(metrics, WEIGHTS);
  if (found === undefined) return undefined;
  const weightOf = (name: string) => found.get(name) ?? 0;
  const impact = 10.41 * (1 - (1 - weightOf("C")) * (1 - weightOf("I")) * (1 - weightOf("A")));
  const ease = 20 * weightOf("AV") * weightOf("AC") * weightOf("Au");
  const score = (0.6 * impact + 0.4 * ease - 1.5) * (impact === 0 ? 0 : 1.176);
  return Math.round(score * 10) / 10;
}
