/** Several verdicts: a line each, the reason beside it, and a total. @module */

import type { Decision, Verdict } from "@sallyport/core";
import { printable, shortened } from "./text.ts";
import type { Screen } from "./verdict.ts";

const MAX_NAME_LENGTH = 160;
const STYLE = { admit: "green", hold: "yellow", refuse: "red" } as const;

export function renderVerdictLine(decision: Decision, { paint }: Screen): string {
  const { verdict, subject, reasons } = decision;
  const why = verdict === "admit" ? "" : `  ${[...new Set(reasons.map(({ policy }) => policy))].join(", ")}`;
  return `${paint(STYLE[verdict], verdict.toUpperCase().padEnd(6))}  ${shortened(printable(subject.label), MAX_NAME_LENGTH)}${why}\n`;
}

export function renderVerdictTotals(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict): number => verdicts.filter((one) => one === verdict).length;
  return `\n${verdicts.length} files: ${count("admit")} admit, ${count("hold")} hold, ${count("refuse")} refuse\n`;
}
