/** The verdict as a document. Contract: fields are only ever added. @module */

import { type Verdict, worseVerdict } from "@sallyport/core";
import type { Judgement } from "../judge.ts";
import { summarise } from "./artifact-summary.ts";
import { baselineDocument } from "./diff-json.ts";

export function verdictDocument({ artifact, baseline, decision, receipt }: Judgement) {
  return {
    schema: "sallyport.verdict/1",
    verdict: decision.verdict,
    subject: decision.subject,
    artifact: { ...summarise(artifact), sha256: artifact.root.sha256, members: artifact.members.length },
    evidence: decision.evidence,
    notChecked: decision.notChecked,
    ...(baseline !== undefined && { baseline: baselineDocument(baseline) }),
    reasons: decision.reasons,
    replay: decision.replay,
    receipt,
  } as const;
}

/** Several inputs: the worst verdict wins. */
export function verdictsDocument(judgements: readonly Judgement[]) {
  const verdict = judgements.map(({ decision }) => decision.verdict).reduce<Verdict>(worseVerdict, "admit");
  return { schema: "sallyport.verdicts/1", verdict, results: judgements.map(verdictDocument) } as const;
}
