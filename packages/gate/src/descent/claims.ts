/**
 * Who takes what a person brought along. A signature, key or list that no scheme takes is evidence: whoever brings one
 * expects it to count, and nothing may look verified because it was overlooked.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { type Brought, type BroughtFile, broughtFiles, broughtForMember } from "../brought.ts";
import type { Finding } from "../finding.ts";
import type { SignatureScheme } from "../signatures/scheme.ts";

export interface Claims {
  /** Whether the scheme is asked about the artifact itself, though the artifact's format is not one of its own. */
  isClaimant(scheme: SignatureScheme): boolean;
  /** What the scheme is given: of the signatures those it claimed, of the rest everything; a member gets the keys. */
  broughtFor(scheme: SignatureScheme, isArtifact: boolean): Brought;
  /** What nobody took, and why. */
  readonly findings: readonly Finding[];
}

/** @throws WorldError when a brought file cannot be read */
export async function claimBrought(schemes: readonly SignatureScheme[], brought: Brought): Promise<Claims> {
  const claimed = new Map<SignatureScheme, readonly BroughtFile[]>();
  const findings: Finding[] = [];
  for (const scheme of schemes)
    try {
      claimed.set(scheme, (await scheme.claims?.(brought)) ?? []);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      findings.push(
        unknown(`what was brought along cannot be read: ${error.message}`, { scheme: scheme.id }),
      );
    }
  const taken = new Set([...claimed.values()].flat());
  for (const { flag, file } of broughtFiles(brought))
    if (!taken.has(file))
      findings.push(
        unknown(`${flag} ${file.name} is nothing that can be used here`, { flag, file: file.name }),
      );
  const forMember = broughtForMember(brought);
  return {
    findings,
    isClaimant: (scheme) => (claimed.get(scheme)?.length ?? 0) > 0,
    broughtFor: (scheme, isArtifact) => {
      if (!isArtifact) return forMember;
      const own = new Set(claimed.get(scheme));
      return { ...brought, signatures: brought.signatures.filter((file) => own.has(file)) };
    },
  };
}

const unknown = (because: string, facts: Finding["facts"]): Finding => ({
  check: "integrity",
  outcome: "unknown",
  because,
  facts,
});
