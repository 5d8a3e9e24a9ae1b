/**
 * Which certificates of a signature are there for a reason. Signing tools add the same leaf twice, roots, and
 * cross-certificates for older systems; all of these really issued something that was used.
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { verifyIssued } from "../../x509/path-rules.ts";
import type { Signature } from "./signature.ts";
import type { Trust } from "./trust.ts";

export interface CertificateSet {
  /** On no path, and issuers of nothing that is. */
  readonly unreferenced: readonly Certificate[];
  /** On a path or issuers of one, but no anchor stands behind their own bytes: anybody can have made them. */
  readonly unvouched: readonly Certificate[];
}

/** Signature checks for one set; beyond, certificates count as unreferenced. */
const MAX_VERIFICATIONS = 64;

export function unreferencedCertificates(signature: Signature, trust: Trust | undefined): CertificateSet {
  const unique = [...new Map(signature.certificates.map((one) => [one.sha256, one])).values()];
  const used = usedCertificates(signature, trust);
  const vouched = vouchedCertificates(trust);
  const queue = [...used.values()];
  let verifications = 0;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const child = next;
    for (const candidate of unique) {
      if (used.has(candidate.sha256) || candidate.subjectKey !== child.issuerKey) continue;
      verifications += 1;
      if (verifications > MAX_VERIFICATIONS || verifyIssued(child, candidate.publicKeyInfo) !== true)
        continue;
      used.set(candidate.sha256, candidate);
      queue.push(candidate);
    }
  }
  return {
    unreferenced: unique.filter((one) => !used.has(one.sha256)),
    unvouched: unique.filter((one) => used.has(one.sha256) && !vouched.has(one.sha256)),
  };
}

function usedCertificates(signature: Signature, trust: Trust | undefined): Map<string, Certificate> {
  const chains = [
    signature.signer === undefined ? [] : [signature.signer],
    trust?.path.chain ?? [],
    ...(trust?.timestamps.timestamps ?? []).map((timestamp) => timestamp.chain),
  ];
  return new Map(chains.flat().map((one) => [one.sha256, one]));
}

/** Every certificate on a path that ends at an anchor was signed, byte for byte, by the one above it. */
function vouchedCertificates(trust: Trust | undefined): ReadonlySet<string> {
  const path = trust?.path.outcome === "anchored" ? trust.path : undefined;
  const timestamps = (trust?.timestamps.timestamps ?? []).filter((one) => one.outcome === "verified");
  const chains = [path?.chain ?? [], ...timestamps.map((timestamp) => timestamp.chain)];
  return new Set(chains.flat().map((one) => one.sha256));
}
