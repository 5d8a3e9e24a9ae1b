/** Differences between two releases as a SARIF log: one result each, named by trait and rule. @module */

import { checkIdOf, type Evidence } from "@sallyport/core";
import { type Compared, checks, type FoundDifference, type Risk } from "@sallyport/gate";
import { traits } from "@sallyport/gate/traits";
import { Artifacts } from "./artifacts.ts";
import { type Level, type Result, type RuleText, result, sarifLog } from "./log.ts";

const LEVEL = {
  critical: "error",
  high: "warning",
  medium: "note",
  low: "note",
  info: "note",
} as const satisfies Record<Risk, Level>;

export function diffLog({ before, after, comparison }: Compared, faults: readonly Evidence[]) {
  const artifacts = new Artifacts();
  const { label } = after.subject;
  const { sha256, sizeBytes } = after.artifact.root;
  const root = artifacts.add(label, { sha256, length: sizeBytes });
  const results = [
    ...faults.map(({ source, outcome, path = "", because, facts }) =>
      result({
        ruleId: checkIdOf(source),
        level: outcome === "fail" ? "error" : "warning",
        text: path === "" ? because : `${path}: ${because}`,
        location: {
          artifact: memberOf(path, artifacts, root),
          path: shownPath(label, path),
          region: undefined,
        },
        properties: { outcome, facts },
      }),
    ),
    ...comparison.differences.map((difference) => differenceResult(difference, { artifacts, root, label })),
    ...comparison.notCompared.map(({ path, because }) =>
      result({
        ruleId: NOT_COMPARED,
        level: "warning",
        text: path === "" ? because : `${path}: ${because}`,
        location: {
          artifact: memberOf(path, artifacts, root),
          path: shownPath(label, path),
          region: undefined,
        },
        properties: {},
      }),
    ),
  ];
  const { sameProduct = null, counts } = comparison;
  const baseline = { subject: before.subject.id, label: before.subject.label };
  const properties = { baseline, subject: after.subject.id, label, sameProduct, counts };
  return sarifLog({ results, artifacts, properties }, describeDifference);
}

export interface DiffPlace {
  readonly artifacts: Artifacts;
  /** Index of the new release. */
  readonly root: number;
  readonly label: string;
}

export function differenceResult(difference: FoundDifference, { artifacts, root, label }: DiffPlace): Result {
  const { trait, rule, risk, because, path, memberCount, before, after, facts = {} } = difference;
  const offsetBytes = after?.offsetBytes;
  const byteLength = (after?.hex?.length ?? 0) / 2;
  const more = memberCount > 1 ? ` (and in ${memberCount - 1} more)` : "";
  return result({
    ruleId: `${trait}/${rule}`,
    level: LEVEL[risk],
    text: `${path === "" ? "" : `${path}: `}${because}${more}`,
    location: {
      artifact: memberOf(path, artifacts, root),
      path: shownPath(label, path),
      region: offsetBytes === undefined ? undefined : { byteOffset: offsetBytes, byteLength },
    },
    properties: {
      risk,
      memberCount,
      facts,
      ...(before !== undefined && { before: { ...before } }),
      ...(after !== undefined && { after: { ...after } }),
    },
  });
}

const NOT_COMPARED = "not-compared";

export function describeDifference(id: string): RuleText {
  if (id === NOT_COMPARED) {
    const text = "It could not be compared with the last good release.";
    return { short: text, help: text };
  }
  const check = checks.find((one) => one.id === id);
  if (check !== undefined) return { short: check.question, help: `${check.question} (${check.document})` };
  const [traitId, rule = ""] = id.split("/");
  const trait = traits.find((one) => one.id === traitId);
  const short = trait?.rules?.[rule] ?? trait?.question ?? id;
  return { short, help: trait === undefined ? short : `${trait.question} (${trait.document})` };
}

const memberOf = (path: string, artifacts: Artifacts, root: number): number =>
  path === "" ? root : artifacts.add(path, undefined, root);

const shownPath = (label: string, path: string): string => (path === "" ? label : `${label}/${path}`);
