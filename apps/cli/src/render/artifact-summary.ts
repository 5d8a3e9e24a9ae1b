/** The artifact in the words of the verdict document. @module */

import { type Artifact, TRUSTED } from "@sallyport/gate";

export interface ArtifactSummary {
  readonly format: string;
  readonly sizeBytes: number;
  readonly product?: string;
  readonly version?: string;
  /** Common names, else subjects, of the signatures that are intact; each once. */
  readonly signers: readonly string[];
}

export function summarise({ root }: Artifact): ArtifactSummary {
  const { product, version } = root.identity ?? {};
  const intact = root.signatures.filter(({ integrity }) => integrity === "pass");
  const best = intact.toSorted((a, b) => Number(TRUSTED.has(b.trust)) - Number(TRUSTED.has(a.trust)));
  const names = best.flatMap(
    ({ signer }) => signer?.commonName ?? signer?.organisation ?? signer?.subject ?? [],
  );
  return {
    format: root.format,
    sizeBytes: root.sizeBytes,
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    signers: [...new Set(names)],
  };
}
