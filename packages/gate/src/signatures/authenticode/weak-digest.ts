/**
 * Is the digest still worth something? MD5 never; SHA-1 only beside a stronger signature of the same signer that is
 * valid: Windows takes the stronger one. Source: NIST SP 800-131A rev. 2 §9; Microsoft, SHA-1 deprecation policy.
 * @module
 */

import { isWeakDigest } from "../../cms/algorithm.ts";
import type { Finding } from "../../finding.ts";
import type { SignatureTrust } from "../scheme.ts";
import type { Judged } from "./judgement.ts";

const VALID: ReadonlySet<SignatureTrust> = new Set([
  "valid-timestamped",
  "valid-now",
  "valid-legacy-timestamped",
]);

/** Findings of check `weak-digest` over all signatures of one file. */
export function findWeakDigests(judged: readonly Judged[]): readonly Finding[] {
  const isStronger = ({ signature, report }: Judged) =>
    report.integrity === "pass" &&
    VALID.has(report.trust) &&
    digestsOf(signature).every((name) => name !== undefined && !isWeakDigest(name));
  const strong = judged.filter(isStronger);
  return judged.flatMap(({ signature, trust }) => {
    // A stranger's strong signature does not make the accepted signer's weak one any better.
    const stronger = strong.some((other) => nameOf(other.signature) === nameOf(signature));
    const digests = digestsOf(signature);
    const facts = { signature: signature.position, digests: digests.map((name) => name ?? "unknown") };
    if (digests.includes("md5")) return [fail("the signature rests on MD5, which anybody can forge", facts)];
    if (digests.includes("sha1") && !stronger)
      return [
        fail(
          "the signature rests on SHA-1, and no stronger signature of its signer that is valid stands beside it",
          facts,
        ),
      ];
    if (trust?.leansOnWeakTimestamp === true && !stronger)
      return [fail("the signature is only valid by a timestamp that rests on SHA-1 or MD5", facts)];
    return [];
  });
}

const digestsOf = ({ indirect, signerDigest }: Judged["signature"]) => [indirect.digestName, signerDigest];

const nameOf = ({ signer }: Judged["signature"]) =>
  signer?.summary.commonName ?? signer?.summary.organisation ?? signer?.summary.subject;

function fail(because: string, facts: Finding["facts"]): Finding {
  return { check: "weak-digest", outcome: "fail", because, facts };
}
