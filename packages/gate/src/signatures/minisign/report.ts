/** Verdicts about signatures of minisign and signify, told as every scheme tells them. @module */

import { createHash } from "node:crypto";
import type { Finding } from "../../finding.ts";
import type { CertificateSummary, SignatureReport } from "../scheme.ts";
import { shown } from "../signed-list.ts";
import type { MinisignKey, MinisignSignature } from "./text-file.ts";
import type { Verdict } from "./verify-signature.ts";

const SCHEME = "minisign";

const REPORTED: Readonly<Record<Verdict["outcome"], Pick<SignatureReport, "integrity" | "trust">>> = {
  valid: { integrity: "pass", trust: "known-key" },
  "weak-key": { integrity: "pass", trust: "invalid-path" },
  wrong: { integrity: "fail", trust: "broken" },
  "unknown-key": { integrity: "unknown", trust: "unknown-key" },
  unsupported: { integrity: "unknown", trust: "unknown-key" },
};

export interface About {
  readonly signature: MinisignSignature;
  readonly position: number;
  readonly file: string;
}

export function writeReport(verdict: Verdict, { signature, position, file }: About): SignatureReport {
  const { outcome, because, key, digest, digestAlgorithm, trustedComment, listedAs } = verdict;
  return {
    scheme: SCHEME,
    ...REPORTED[outcome],
    because,
    signer: key === undefined ? strangerOf(signature) : summarise(key),
    chain: [],
    ...(outcome === "valid" && key !== undefined ? { namedBy: `--key ${key.origin}` } : {}),
    digestAlgorithm,
    ...(digest === undefined ? {} : { digest }),
    position,
    facts: {
      file,
      keyId: signature.keyId,
      ...(trustedComment === undefined ? {} : { trustedComment }),
      ...(listedAs === undefined ? {} : { listedAs }),
    },
  };
}

export function findIn({ outcome, because }: Verdict, facts: Finding["facts"]): Finding[] {
  if (outcome === "wrong")
    return [{ check: "integrity", outcome: "fail", because: `the signature is wrong: ${because}`, facts }];
  if (outcome === "valid" || outcome === "weak-key") return [];
  const sentence = `the signature cannot be verified: ${because}`;
  return [{ check: "integrity", outcome: "unknown", because: sentence, facts }];
}

export const brokenReport = (
  integrity: "fail" | "unknown",
  because: string,
  position: number,
): SignatureReport => ({
  scheme: SCHEME,
  integrity,
  trust: "broken",
  because,
  signer: undefined,
  chain: [],
  digestAlgorithm: "unknown",
  position,
  facts: {},
});

/** The comment is the word of whoever keeps the key file, and that is the person who brings it. */
function summarise({ keyId, raw, comment }: MinisignKey): CertificateSummary {
  const subject = shown(comment) || `minisign key ${keyId}`;
  const sha256 = createHash("sha256").update(raw).digest("hex");
  return { subject, commonName: subject, organisation: undefined, issuer: "", serial: keyId, sha256 };
}

function strangerOf({ keyId }: MinisignSignature): CertificateSummary {
  const subject = `minisign key ${keyId}`;
  return { subject, commonName: subject, organisation: undefined, issuer: "", serial: keyId, sha256: "" };
}
