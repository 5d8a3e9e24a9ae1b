/**
 * What a receipt states: an in-toto Statement v1 that carries a SLSA Verification Summary.
 * Sources: https://in-toto.io/Statement/v1, https://slsa.dev/spec/v1.1/verification_summary
 *
 * A summary knows PASSED and FAILED only. The exact verdict stands beside it under a URI of ours; `.invalid`
 * says that it is a name and no address (RFC 2606 §2).
 * @module
 */

import { hash } from "node:crypto";
import type { Decision, Json, JsonObject } from "@sallyport/core";

export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://slsa.dev/verification_summary/v1";
export const VERDICT_FIELD = "https://sallyport.invalid/verdict/v1";
const VERIFIER_ID = "https://sallyport.invalid/verifier";
const POLICY_URI = "https://sallyport.invalid/policy";
const SLSA_VERSION = "1.1";

/** A receipt stays small however much was found; the decision it names by digest is whole. */
const MAX_REASONS = 100;
const MAX_TEXT_CHARACTERS = 2000;

/**
 * @param decisionDigest - SHA-256 of the stored decision, hex
 * @param timeVerified - when the receipt is made
 */
export function statementOf(decision: Decision, decisionDigest: string, timeVerified: Date): JsonObject {
  const { subject, verdict, replay } = decision;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: short(subject.label), digest: { sha256: subjectDigest(subject) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      verifier: { id: VERIFIER_ID, version: { sallyport: replay.engineVersion } },
      timeVerified: timeVerified.toISOString(),
      resourceUri: `sallyport:${subject.kind}:${encodeURIComponent(subject.id)}`,
      policy: { uri: POLICY_URI, digest: { sha256: replay.policyHash } },
      verificationResult: verdict === "admit" ? "PASSED" : "FAILED",
      verifiedLevels: [],
      slsaVersion: SLSA_VERSION,
      [VERDICT_FIELD]: verdictField(decision, decisionDigest),
    },
  };
}

function verdictField(decision: Decision, decisionDigest: string): Json {
  const { subject, verdict, reasons, replay } = decision;
  return {
    verdict,
    subject: { kind: subject.kind, id: subject.id, label: short(subject.label) },
    reasons: reasons.slice(0, MAX_REASONS).map((reason) => ({
      policy: short(reason.policy),
      verdict: reason.verdict,
      because: short(reason.because),
    })),
    decisionDigest,
    replay: {
      now: replay.now,
      policyHash: replay.policyHash,
      withoutDefaults: [...replay.withoutDefaults],
      snapshotIds: [...replay.snapshotIds],
      anchorSetHash: replay.anchorSetHash,
      engineVersion: replay.engineVersion,
      ...(replay.supersedes !== undefined && { supersedes: replay.supersedes }),
    },
  };
}

/** Well-formed too: a lone surrogate would not survive UTF-8. */
const short = (text: string): string => text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed();

const ARTIFACT_ID = /^sha256:([0-9a-f]{64})$/;

/** An artifact's own SHA-256; for anything else the SHA-256 of its id, which has no bytes to hash. */
export function subjectDigest(subject: { readonly kind: string; readonly id: string }): string {
  const artifact = subject.kind === "artifact" ? ARTIFACT_ID.exec(subject.id) : null;
  return artifact?.[1] ?? hash("sha256", `sallyport.subject/1\0${subject.kind}\0${subject.id}`);
}
