/** What changed between two releases, as one JSON document: `sallyport.diff/1`. Fields are only ever added. @module */

import type { Evidence } from "@sallyport/core";
import type { Artifact, Baseline, Compared, FoundDifference, Opening } from "@sallyport/gate";
import { summarise } from "./artifact-summary.ts";
import { type RiskCounts, riskCounts } from "./diff-counts.ts";

export interface DiffDocument {
  readonly schema: "sallyport.diff/1";
  readonly before: ReleaseDocument;
  readonly after: ReleaseDocument;
  /** Null when neither says what it is. */
  readonly sameProduct: boolean | null;
  readonly counts: RiskCounts & Compared["comparison"]["counts"];
  /** The gravest first. */
  readonly differences: readonly FoundDifference[];
  readonly notCompared: Compared["comparison"]["notCompared"];
  /** What is wrong with the new release by itself, and was not with the old one. */
  readonly faults: readonly Evidence[];
}

type ReleaseDocument = { readonly label: string; readonly sha256: string } & ReturnType<typeof summarise>;

/** For a verdict: the same, without the new release, which the verdict is about. */
export function baselineDocument({ label, sha256, comparison }: Baseline) {
  const { sameProduct = null, counts, differences, notCompared } = comparison;
  return {
    label,
    sha256,
    sameProduct,
    counts: { ...riskCounts(differences), ...counts },
    differences,
    notCompared,
  };
}

export function diffDocument(
  { before, after, comparison }: Compared,
  faults: readonly Evidence[],
): DiffDocument {
  const { sameProduct = null, counts, differences, notCompared } = comparison;
  return {
    schema: "sallyport.diff/1",
    before: releaseDocument(before),
    after: releaseDocument(after),
    sameProduct,
    counts: { ...riskCounts(differences), ...counts },
    differences,
    notCompared,
    faults,
  };
}

const releaseDocument = ({
  subject,
  artifact,
}: Opening & { readonly artifact: Artifact }): ReleaseDocument => ({
  label: subject.label,
  sha256: artifact.root.sha256,
  ...summarise(artifact),
});
