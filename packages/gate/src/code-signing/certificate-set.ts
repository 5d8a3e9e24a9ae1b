/**
 * Which certificates of a signature are there for a reason. Signing tools add the same leaf twice, roots, and
 * cross-certificates for older systems; all of these really issued something that was used.
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { verifyIssued } from "../x509/path-rules.ts";
import type { CmsSignature } from "./cms-signature.ts";
import type { Trust } from "./trust.ts";

export interface CertificateSet {
  /** On no path, and issuers of nothing that is. */
  readonly unreferenced: readonly Certificate[];
  /** On a path or issuers of one, but no anchor stands behind their own bytes: anybody can have made them. */
  readonly unvouched: readonly Certificate[];
}

/** Signature checks for one set; beyond, certificates count as unreferenced. */
const MAX_VERIFICATIONS = 64;

/** @param trusts - of the signer, and of whoever else signs with certificates of this set */
export function unreferencedCertificates(
  signature: CmsSignature,
  trusts: readonly (Trust | undefined)[],
): CertificateSet {
  const unique = [...new Map(signature.certificates.map((one) => [one.sha256, one])).values()];
  const used = usedCertificates(signature, trusts);
  const vouched = vouchedCertificates(trusts);
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

function usedCertificates(
  signature: CmsSignature,
  trusts: readonly (Trust | undefined)[],
): Map<string, Certificate> {
  const chains = trusts.flatMap((trust) => [
    trust?.path.chain ?? [],
    ...(trust?.timestamps.timestamps ?? []).map((timestamp) => timestamp.chain),
  ]);
  const signer = signature.signer === undefined ? [] : [signature.signer];
  return new Map([signer, ...chains].flat().map((one) => [one.sha256, one]));
}

/** Every certificate on a path that ends at an anchor was signed, byte for byte, by the one above it. */
function vouchedCertificates(trusts: readonly (Trust | undefined)[]): ReadonlySet<string> {
  const chains = trusts.flatMap((trust) => {
    const path = trust?.path.outcome === "anchored" ? trust.path : undefined;
    const timestamps = (trust?.timestamps.timestamps ?? []).filter((one) => one.outcome === "verified");
    return [path?.chain ?? [], ...timestamps.map((timestamp) => timestamp.chain)];
  });
  return new Set(chains.flat().map((one) => one.sha256));
}
