/**
 * Verdicts as a SARIF log: one result for each evidence that did not pass, one for each reason that rests on no
 * evidence, and one for each lesser difference from the baseline.
 * @module
 */

import { checkIdOf, type Decision, type Evidence, type Verdict } from "@sallyport/core";
import type { Judgement } from "../../judge.ts";
import { Artifacts } from "./artifacts.ts";
import { describeDifference, differenceResult } from "./diff.ts";
import { type Place, type Result, type RuleText, result, sarifLog } from "./log.ts";

const LEVEL = { refuse: "error", hold: "warning", admit: "note" } as const satisfies Record<Verdict, string>;

export function verdictLog(judgements: readonly Judgement[]) {
  const artifacts = new Artifacts();
  const results = judgements.flatMap((judgement) => resultsOf(judgement, artifacts));
  const properties = {
    verdicts: judgements.map(({ decision }) => ({
      subject: decision.subject.id,
      label: decision.subject.label,
      verdict: decision.verdict,
      notChecked: decision.notChecked,
    })),
  };
  return sarifLog({ results, artifacts, properties }, describeRule);
}

function resultsOf({ artifact, decision, baseline }: Judgement, artifacts: Artifacts): Result[] {
  const { label } = decision.subject;
  const root = artifacts.add(label, { sha256: artifact.root.sha256, length: artifact.root.sizeBytes });
  const sizes = new Map(
    artifact.members.map(({ path, sha256, sizeBytes }) => [path, { sha256, length: sizeBytes }]),
  );
  const levels = levelsOf(decision);
  const seen = decision.evidence.flatMap((evidence, index) => {
    if (evidence.outcome === "pass") return [];
    const { path = "", because, facts, outcome } = evidence;
    const member = path === "" ? root : artifacts.add(path, sizes.get(path), root);
    return result({
      ruleId: checkIdOf(evidence.source),
      level: levels.get(index) ?? "note",
      text: path === "" ? because : `${path}: ${because}`,
      location: {
        artifact: member,
        path: path === "" ? label : `${label}/${path}`,
        region: regionOf(evidence),
      },
      properties: { outcome, facts },
    });
  });
  const unfounded = decision.reasons
    .filter(({ verdict, evidence }) => verdict !== "admit" && !evidence.some((index) => levels.has(index)))
    .map(({ policy, verdict, because }) =>
      result({
        ruleId: `policy/${policy}`,
        level: LEVEL[verdict],
        text: because,
        location: { artifact: root, path: label, region: undefined },
        properties: { verdict },
      }),
    );
  // Grave ones are evidence already.
  const lesser = (baseline?.comparison.differences ?? [])
    .filter(({ risk }) => risk === "medium" || risk === "low")
    .map((difference) => differenceResult(difference, { artifacts, root, label }));
  return [...seen, ...unfounded, ...lesser];
}

/** What each evidence that did not pass led to, by its index: the worst reason that rests on it. */
function levelsOf({ reasons, evidence }: Decision): ReadonlyMap<number, "error" | "warning"> {
  const levels = new Map<number, "error" | "warning">();
  for (const { verdict, evidence: indexes } of reasons)
    for (const index of indexes) {
      if (verdict === "admit" || evidence[index]?.outcome === "pass") continue;
      if (levels.get(index) !== "error") levels.set(index, LEVEL[verdict]);
    }
  return levels;
}

/** Where to look, when the facts say so. §3.30.12: a byte offset is a whole number from the start of the artifact. */
function regionOf({ facts: { offsetBytes, lengthBytes } }: Evidence): Place["region"] {
  if (typeof offsetBytes !== "number" || !Number.isSafeInteger(offsetBytes) || offsetBytes < 0)
    return undefined;
  const isLength = typeof lengthBytes === "number" && Number.isSafeInteger(lengthBytes) && lengthBytes >= 0;
  return { byteOffset: offsetBytes, byteLength: isLength ? lengthBytes : 0 };
}

function describeRule(id: string): RuleText {
  if (!id.startsWith("policy/")) return describeDifference(id);
  const text = `The policy ${id.slice("policy/".length)} speaks against it.`;
  return { short: text, help: text };
}
