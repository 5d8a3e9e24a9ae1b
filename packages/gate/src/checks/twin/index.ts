/**
 * A file that is known from elsewhere must be what it is elsewhere: a Microsoft library the one Microsoft shipped, an
 * Electron library Electron's, whoever packs it. It needs no earlier release of the product, only a memory.
 * @module
 */

import type { Check, Observation } from "../check.ts";
import { hidingPlaces } from "./hiding.ts";
import { judgeTwins, type TwinProblem } from "./judge.ts";

/** More of one artifact are counted only. */
const MAX_SHOWN = 100;

export const twin: Check = {
  id: "twin",
  question: "Is what is known from elsewhere the same here?",
  kind: "world",
  document: "docs/policy.md, twins",
  recall: "stands",
  policyFacts: { rule: "String", changed: "Bool" },
  async examine({ artifact, context: { twins }, evidence = [] }) {
    if (twins === undefined) return { notChecked: "no memory of other artifacts is at hand" };
    if (twins.isEmpty())
      return { notChecked: "nothing was judged here before that it could be compared with" };
    const members = [artifact.root, ...artifact.members];
    const known = await twins.recall(members);
    const { problems, familiarCount } = judgeTwins(members, known, hidingPlaces(evidence));
    if (problems.length > 0) return observe(problems);
    if (familiarCount === 0)
      return { notChecked: "nothing inside can be compared with what was judged here before" };
    const because = `${familiarCount} ${familiarCount === 1 ? "file is" : "files are"} known from elsewhere, and the same here`;
    return { outcome: "pass", because, facts: { rule: "", changed: false, familiarCount } };
  },
};

function observe(problems: readonly TwinProblem[]): readonly Observation[] {
  const gravest = [...problems].sort((a, b) => Number(b.changed) - Number(a.changed));
  const shown = gravest.slice(0, MAX_SHOWN).map(
    ({ path, rule, changed, because, facts }): Observation => ({
      outcome: "fail",
      path,
      because,
      facts: { ...facts, rule, changed },
    }),
  );
  const restCount = gravest.length - shown.length;
  if (restCount === 0) return shown;
  const rest = { rule: "more", changed: gravest.slice(MAX_SHOWN).some(({ changed }) => changed) };
  return [
    ...shown,
    { outcome: "fail", because: `${restCount} more files differ from their twins`, facts: rest },
  ];
}
