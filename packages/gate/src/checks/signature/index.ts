/** Who signed the artifact itself, and how far that can be believed. It says who, not whether. @module */

import { type SignatureReport, type SignatureTrust, TRUSTED } from "../../signatures/scheme.ts";
import type { Check, Observation } from "../check.ts";

export const signature: Check = {
  id: "signature",
  question: "Is the artifact itself signed, and does the signature lead to a trusted authority?",
  kind: "world",
  document: "RFC 5280 §6, RFC 3161",
  recall: "stands",
  // The trust is "none" without a signature.
  policyFacts: { trust: "String", signer: "String", revoked: "Bool" },
  async examine({ artifact }) {
    const [best] = [...artifact.root.signatures].sort(bestFirst);
    if (best === undefined)
      return {
        outcome: "fail",
        because: "carries no signature that is read here",
        facts: { trust: "none", signer: "", revoked: false },
      };
    // One revoked signer among several is a reason to doubt them all.
    const revoked = artifact.root.signatures.find(({ trust }) => trust === "revoked");
    return observe(revoked ?? best);
  },
};

function observe(report: SignatureReport): Observation {
  const signer = signerName(report);
  const believed = report.integrity === "pass" && TRUSTED.has(report.trust);
  const undecided =
    report.trust === "unknown-key" || (report.integrity === "unknown" && TRUSTED.has(report.trust));
  return {
    outcome: believed ? "pass" : undecided ? "unknown" : "fail",
    because: `signed by ${signer}: ${report.because}`,
    facts: { trust: report.trust, signer, revoked: report.trust === "revoked", scheme: report.scheme },
  };
}

/** What to call a signer: common name, organisation, or the whole subject. */
export const signerName = ({ signer }: SignatureReport): string =>
  signer?.commonName ?? signer?.organisation ?? signer?.subject ?? "an unnamed signer";

const BEST_TRUST_FIRST: readonly SignatureTrust[] = [
  "valid-timestamped",
  "valid-now",
  "known-key",
  "valid-legacy-timestamped",
  "timestamp-unverifiable",
  "expired",
  "not-yet-valid",
  "unknown-root",
  "unknown-key",
  "self-signed",
  "invalid-path",
  "revoked",
  "broken",
];
const INTEGRITY_RANK = { pass: 0, unknown: 1, fail: 2 } as const;

const bestFirst = (a: SignatureReport, b: SignatureReport): number =>
  INTEGRITY_RANK[a.integrity] - INTEGRITY_RANK[b.integrity] ||
  BEST_TRUST_FIRST.indexOf(a.trust) - BEST_TRUST_FIRST.indexOf(b.trust) ||
  a.position - b.position;
