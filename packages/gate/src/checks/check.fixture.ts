/** What checks are asked about, made for tests. @module */

import type { Artifact, ArtifactMember } from "../artifact.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import type { Check, CheckContext, CheckResult, ExamineRequest } from "./check.ts";

export const contextWith = (given: Partial<CheckContext>): CheckContext => ({
  clock: { now: () => new Date("2026-01-02T03:04:05Z") },
  expectedHash: undefined,
  published: undefined,
  label: "setup.exe",
  acceptedSigners: [],
  exception: undefined,
  ...given,
});

export const rootWith = (given: Partial<ArtifactMember>): Artifact => ({
  root: { path: "", sha256: "0".repeat(64), sizeBytes: 1, format: "pe", signatures: [], ...given },
  members: [],
});

export const signedBy = (commonName: string, given: Partial<SignatureReport> = {}): SignatureReport => ({
  scheme: "authenticode",
  integrity: "pass",
  trust: "valid-timestamped",
  because: "leads to a trusted authority",
  signer: {
    subject: `CN=${commonName}`,
    commonName,
    organisation: `${commonName} Ltd`,
    issuer: "CN=Issuer",
    serial: "01",
    sha256: "ab".repeat(32),
    validFrom: "2025-01-01T00:00:00Z",
    validUntil: "2027-01-01T00:00:00Z",
  },
  chain: [],
  digestAlgorithm: "sha256",
  position: 0,
  facts: {},
  ...given,
});

/** Asks a check, in whichever of the two ways it is asked. */
export async function lookWith(check: Check, request: ExamineRequest): Promise<CheckResult | undefined> {
  if (check.examine !== undefined) return check.examine(request);
  if (typeof check.recall !== "object") return undefined;
  // As it comes back from where it is kept.
  const asked = JSON.parse(JSON.stringify(check.recall.ask(request)));
  return check.recall.answer(asked, request.context);
}
