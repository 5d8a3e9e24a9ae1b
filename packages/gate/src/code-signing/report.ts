/** Puts what was found out about one certificate-based signature into the report of it. @module */

import type { JsonObject } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import type { SignatureReport } from "../signatures/scheme.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { Trust } from "./trust.ts";

/** Why a signature does not cover what it should, or cannot be shown to. */
export interface Problem {
  readonly outcome: "fail" | "unknown";
  readonly because: string;
  readonly facts?: JsonObject;
}

export interface Judged {
  readonly scheme: string;
  readonly position: number;
  readonly signer: Certificate | undefined;
  readonly trust: Trust | undefined;
  readonly problem: Problem | undefined;
  /** `sha256`, or the object identifier of one that is not known here. */
  readonly digestAlgorithm: string;
  /** Of the file, as it was computed. */
  readonly digest?: Buffer | undefined;
  readonly facts: JsonObject;
}

export function reportSignature(judged: Judged): SignatureReport {
  const { scheme, position, signer, trust, problem, digestAlgorithm, digest, facts } = judged;
  const path = trust?.path;
  const best = trust?.timestamps.best;
  return {
    scheme,
    integrity: problem?.outcome ?? "pass",
    trust: problem === undefined && trust !== undefined ? trust.trust : "broken",
    because: problem?.because ?? trust?.because ?? "",
    signer: signer?.summary,
    chain: (path?.chain ?? []).map((certificate) => certificate.summary),
    ...(path?.outcome === "anchored" && { anchorId: path.anchor.id }),
    digestAlgorithm,
    ...(digest !== undefined && { digest: digest.toString("hex") }),
    ...(best?.at !== undefined && {
      timestamp: {
        kind: best.kind,
        at: best.at.toISOString(),
        verified: best.outcome === "verified",
        authority: best.authority?.summary.commonName,
      },
    }),
    position,
    facts: {
      ...facts,
      ...(path?.outcome === "anchored" && {
        pathOverSha1: path.weakDigest,
        revocationChecked: path.revocationChecked,
      }),
    },
  };
}

/** A signature that cannot be read protects nothing. */
export const reportUnreadable = (scheme: string, position: number, problem: Problem): SignatureReport =>
  reportSignature({
    scheme,
    position,
    signer: undefined,
    trust: undefined,
    problem: { ...problem, because: `the signature cannot be read: ${problem.because}` },
    digestAlgorithm: "unknown",
    facts: {},
  });

/** Finding of check `integrity` about a signature that is not intact. */
export function problemFinding(report: SignatureReport, problem: Problem | undefined): readonly Finding[] {
  if (report.integrity === "pass") return [];
  const facts = { signature: report.position, ...problem?.facts };
  return [{ check: "integrity", outcome: report.integrity, because: report.because, facts }];
}

/** Findings of check `weak-digest` about a signature that has no stronger one beside it. */
export function findWeakDigest(
  position: number,
  digests: readonly string[],
  trust: Trust | undefined,
): readonly Finding[] {
  const facts = { signature: position, digests: [...new Set(digests)] };
  const weak = (because: string): Finding[] => [{ check: "weak-digest", outcome: "fail", because, facts }];
  if (digests.some((name) => name === "md5" || name === "md2"))
    return weak("the signature rests on MD5, which anybody can forge");
  if (digests.some((name) => name === "sha1"))
    return weak("the signature rests on SHA-1, and no stronger signature of its signer stands beside it");
  if (trust?.leansOnWeakTimestamp === true)
    return weak("the signature is only valid by a timestamp that rests on SHA-1 or MD5");
  return [];
}
