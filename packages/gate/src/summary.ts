/** The few facts about an artifact that people and machines see first. @module */

import type { Json } from "@sallyport/core";
import type { Artifact } from "./artifact.ts";
import { type SignatureReport, TRUSTED } from "./signatures/scheme.ts";

/** A type alias, not an interface: it is printed as JSON. */
export type ArtifactSummary = {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string;
  /** Claims of the file itself; null when it makes none. */
  readonly product: string | null;
  readonly company: string | null;
  readonly version: string | null;
  readonly signers: readonly SignerSummary[];
  readonly memberCount: number;
};

export type SignerSummary = {
  readonly name: string;
  readonly certificateSha256: string;
  readonly trust: string;
  /** Intact, and trusted by today's rules; not yet accepted by anybody here. */
  readonly verified: boolean;
  readonly [key: string]: Json;
};

/** @returns what the `artifact` block of a verdict shows */
export function summarise({ root, members }: Artifact): ArtifactSummary {
  return {
    sha256: root.sha256,
    sizeBytes: root.sizeBytes,
    format: root.format,
    product: root.identity?.product ?? null,
    company: root.identity?.company ?? null,
    version: root.identity?.version ?? null,
    signers: root.signatures.flatMap(toSigner),
    memberCount: members.length,
  };
}

function toSigner({ signer, trust, integrity }: SignatureReport): SignerSummary[] {
  if (signer === undefined) return [];
  const name = signer.commonName ?? signer.organisation ?? signer.subject;
  const verified = integrity === "pass" && TRUSTED.has(trust);
  return [{ name, certificateSha256: signer.sha256, trust, verified }];
}
