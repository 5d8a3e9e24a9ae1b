/** CVSS 3.0 and 3.1, base metrics. Source: FIRST, CVSS v3.1 Specification, §7.1, §7.4 and appendix A. @module */

import { type Metrics, weigh } from "./metrics.ts";

const IMPACT = { H: 0.56, L: 0.22, N: 0 };
const WEIGHTS = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  PR: { N: 0.85, L: 0.62, H: 0.27 },
  UI: { N: 0.85, R: 0.62 },
  S: { U: 0, C: 1 },
  C: IMPACT,
  I: IMPACT,
  A: IMPACT,
};
/** Rights are worth more where they reach out of their scope. */
const CHANGED_RIGHTS = { N: 0.85, L: 0.68, H: 0.5 };

export function scoreVersion3(metrics: Metrics): number | undefined {
  const isChanged = metrics.get("S") === "C";
  const found = weigh(metrics, isChanged ? { ...WEIGHTS, PR: CHANGED_RIGHTS } : WEIGHTS);
  if (found === undefined) return undefined;
  const weightOf = (name: string) => found.get(name) ?? 0;
  const lost = 1 - (1 - weightOf("C")) * (1 - weightOf("I")) * (1 - weightOf("A"));
  const impact = isChanged ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  if (impact <= 0) return 0;
  const ease = 8.22 * weightOf("AV") * weightOf("AC") * weightOf("PR") * weightOf("UI");
  return roundUp(Math.min(10, isChanged ? 1.08 * (impact + ease) : impact + ease));
}

/** Appendix A: in whole numbers, so that 4.000000001 is no 4.1. */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
