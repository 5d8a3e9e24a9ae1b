/** Lets every check of the registry look at an opened artifact. @module */

import type { Asked, Evidence, JsonObject, NotChecked } from "@sallyport/core";
import type { Check, CheckContext, CheckResult, ExamineRequest, Observation } from "./checks/check.ts";
import { checks } from "./checks/registry.ts";
import type { Opening } from "./gate.ts";
import { keepQuestion } from "./hunt/kept-question.ts";

export interface Examination {
  readonly evidence: readonly Evidence[];
  readonly notChecked: readonly NotChecked[];
  /** What world checks asked, to be kept with the decision. */
  readonly asked: Asked;
}

/** @returns what was seen while opening, and what every check saw afterwards, in the registry's order */
export async function examine(
  opening: Opening,
  context: CheckContext,
  registry: readonly Check[] = checks,
): Promise<Examination> {
  const evidence: Evidence[] = [...opening.evidence];
  const notChecked: NotChecked[] = [...opening.notChecked];
  const asked: Record<string, JsonObject> = {};
  for (const check of registry) {
    const request = { artifact: opening.artifact, context, evidence: opening.evidence };
    const { recall } = check;
    const question = typeof recall === "object" ? recall.ask(request) : undefined;
    const result = await look(check, request, question);
    if (result === undefined) continue;
    const kept = question && keepQuestion(question);
    if (kept !== undefined) asked[check.id] = kept;
    const seen = seenBy(check, result);
    evidence.push(...seen.evidence);
    notChecked.push(...seen.notChecked);
  }
  return { evidence, notChecked, asked };
}

function look(
  check: Check,
  request: ExamineRequest,
  question: JsonObject | undefined,
): Promise<CheckResult> | undefined {
  if (check.examine !== undefined) return check.examine(request);
  if (question === undefined || typeof check.recall !== "object") return undefined;
  return check.recall.answer(question, request.context);
}

/** What a check gave, in the words of a decision. */
export function seenBy(
  check: Check,
  result: CheckResult,
): { readonly evidence: readonly Evidence[]; readonly notChecked: readonly NotChecked[] } {
  const source = `gate/checks/${check.id}`;
  if (isNotChecked(result)) return { evidence: [], notChecked: [{ source, because: result.notChecked }] };
  const observations = isList(result) ? result : [result];
  return {
    evidence: observations.map((observation) => toEvidence(source, check, observation)),
    notChecked: [],
  };
}

const isNotChecked = (result: CheckResult): result is { readonly notChecked: string } =>
  "notChecked" in result;
const isList = (result: Observation | readonly Observation[]): result is readonly Observation[] =>
  Array.isArray(result);

const toEvidence = (source: string, check: Check, observation: Observation): Evidence => ({
  source,
  kind: check.kind,
  outcome: observation.outcome,
  ...(observation.path !== undefined && observation.path !== "" && { path: observation.path }),
  because: observation.because,
  facts: observation.facts,
});
