/** Lets every check of the registry look at an opened artifact. @module */

import type { Evidence, NotChecked } from "@sallyport/core";
import type { Check, CheckContext, CheckResult, Observation } from "./checks/check.ts";
import { checks } from "./checks/registry.ts";
import type { Opening } from "./gate.ts";

export interface Examination {
  readonly evidence: readonly Evidence[];
  readonly notChecked: readonly NotChecked[];
}

/** @returns what was seen while opening, and what every check saw afterwards, in the registry's order */
export async function examine(
  opening: Opening,
  context: CheckContext,
  registry: readonly Check[] = checks,
): Promise<Examination> {
  const evidence: Evidence[] = [...opening.evidence];
  const notChecked: NotChecked[] = [...opening.notChecked];
  for (const check of registry) {
    if (check.examine === undefined) continue;
    const source = `gate/checks/${check.id}`;
    const result = await check.examine({ artifact: opening.artifact, context, evidence: opening.evidence });
    if (isNotChecked(result)) notChecked.push({ source, because: result.notChecked });
    else
      for (const observation of isList(result) ? result : [result])
        evidence.push(toEvidence(source, check, observation));
  }
  return { evidence, notChecked };
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
