/** How many differences of which risk. @module */

import type { FoundDifference, Risk } from "@sallyport/gate";

export type RiskCounts = Readonly<Record<Risk, number>>;

export function riskCounts(differences: readonly FoundDifference[]): RiskCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { risk } of differences) counts[risk] += 1;
  return counts;
}
