/** Verdicts about OpenPGP signatures, told as every scheme tells them. @module */

import { createHash } from "node:crypto";
import type { JsonObject } from "@sallyport/core";
import { issuerOf, type SigningKey, type Verdict } from "@sallyport/openpgp";
import type { Finding } from "../finding.ts";
import type { CertificateSummary, SignatureReport, SignatureTrust } from "./scheme.ts";

export interface ReportPlace {
  readonly scheme: string;
  readonly position: number;
  readonly facts?: JsonObject;
}

/** What a scheme reports of one signature. */
export function reportVerdict(verdict: Verdict, { scheme, position, facts }: ReportPlace): SignatureReport {
  const { signature, signer, outcome, because, digest, digestAlgorithm } = verdict;
  return {
    scheme,
    integrity: INTEGRITY[outcome],
    trust: trustOf(verdict),
    because,
    signer: signer === undefined ? strangerOf(verdict) : summarise(signer, verdict),
    chain: [],
    ...(outcome === "valid" && signer !== undefined ? { namedBy: `--key ${signer.certificate.origin}` } : {}),
    digestAlgorithm,
    ...(digest === undefined ? {} : { digest }),
    position,
    facts: {
      ...facts,
      signatureVersion: signature.version,
      ...(signature.createdAt === undefined ? {} : { claimedAt: signature.createdAt.toISOString() }),
      ...(signer === undefined ? {} : { signingKey: signer.key.fingerprint }),
    },
  };
}

/** Findings of checks `integrity` and `weak-digest` about one signature. */
export function findInVerdict(verdict: Verdict, facts: JsonObject = {}): Finding[] {
  const { outcome, because, isWeakDigest, digestAlgorithm } = verdict;
  const findings: Finding[] = [];
  if (outcome === "wrong")
    findings.push({
      check: "integrity",
      outcome: "fail",
      because: `the signature is wrong: ${because}`,
      facts,
    });
  if (outcome === "unknown-key" || outcome === "unsupported")
    findings.push({
      check: "integrity",
      outcome: "unknown",
      because: `the signature cannot be verified: ${because}`,
      facts,
    });
  if (isWeakDigest)
    findings.push({
      check: "weak-digest",
      outcome: "fail",
      because: `the signature rests on ${digestAlgorithm.toUpperCase()}, which can be forged`,
      facts: { ...facts, digest: digestAlgorithm },
    });
  return findings;
}

const INTEGRITY: Readonly<Record<Verdict["outcome"], SignatureReport["integrity"]>> = {
  valid: "pass",
  "not-allowed": "pass",
  wrong: "fail",
  "unknown-key": "unknown",
  unsupported: "unknown",
};

function trustOf({ outcome, problem }: Verdict): SignatureTrust {
  switch (outcome) {
    case "valid":
      return "known-key";
    case "not-allowed":
      return problem === undefined || problem === "invalid-key" ? "invalid-path" : problem;
    case "wrong":
      return "broken";
    default:
      return "unknown-key";
  }
}

/** The certificate is what a person knows and accepts; which of its keys signed is a fact beside it. */
function summarise(
  { certificate, key }: SigningKey,
  { userId, validUntil, outcome }: Verdict,
): CertificateSummary {
  // A subkey that its primary key does not vouch for is nobody's.
  const named = userId === undefined ? key : certificate.primary;
  const subject = shownUserId(userId) ?? `OpenPGP key ${named.fingerprint}`;
  return {
    subject,
    commonName: subject.replace(/ *<[^<>]*>$/, "") || subject,
    organisation: undefined,
    issuer: "",
    serial: named.fingerprint,
    sha256: createHash("sha256").update(named.hashed).digest("hex"),
    validFrom: named.createdAt.toISOString(),
    ...(validUntil === undefined || outcome === "wrong" ? {} : { validUntil: validUntil.toISOString() }),
  };
}

/** Nothing is known but the name the signature gives its key. */
function strangerOf({ signature }: Verdict): CertificateSummary {
  const id = issuerOf(signature);
  const subject = `OpenPGP key ${id}`;
  return { subject, commonName: subject, organisation: undefined, issuer: "", serial: id, sha256: "" };
}

const SHOWN_CHARACTERS = 200;

/** A user id is its owner's own claim, and must not draw on the reader's screen. */
const shownUserId = (userId: string | undefined): string | undefined =>
  userId?.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�").slice(0, SHOWN_CHARACTERS) || undefined;
