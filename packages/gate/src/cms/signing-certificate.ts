/**
 * Which certificate the signer meant, said by its digest among what is signed: so that another one with the same name
 * and key cannot be put in its place. Optional in practice, binding where present. Source: RFC 5035 §3-§5.
 * @module
 */

import { createHash } from "node:crypto";
import { type DerNode, TAG } from "../asn1/der.ts";
import { childOf, expectTag, readOid } from "../asn1/values.ts";
import { digestNamed } from "./algorithm.ts";
import { ATTRIBUTE, type SignerInfo, singleValue } from "./signer-info.ts";

/**
 * @returns what is wrong, completing "the signature …"; undefined when it names this certificate, or none
 * @throws {@link ArtifactError} `artifact.malformed`
 */
export function objectToBinding(
  signer: SignerInfo,
  certificate: { readonly raw: Buffer },
): string | undefined {
  const attributes = signer.signedAttributes?.list ?? [];
  for (const oid of [ATTRIBUTE.signingCertificate, ATTRIBUTE.signingCertificateV2]) {
    const value = singleValue(attributes, oid);
    if (value === undefined) continue;
    const certificates = childOf(
      expectTag(value, TAG.sequence, "SigningCertificate"),
      0,
      "certs",
      TAG.sequence,
    );
    const first = childOf(certificates, 0, "ESSCertID", TAG.sequence);
    const { digest, hash } = readCertificateId(first, oid === ATTRIBUTE.signingCertificate);
    if (digest === undefined) return "names its certificate by a digest that is not known here";
    if (!createHash(digest).update(certificate.raw).digest().equals(hash))
      return "was made for another certificate than the one in the file";
  }
  return undefined;
}

/** ESSCertID is always SHA-1; ESSCertIDv2 starts with an algorithm unless that is SHA-256 (RFC 5035 §4). */
function readCertificateId(node: DerNode, isFirstVersion: boolean) {
  const first = childOf(node, 0, "certHash");
  if (isFirstVersion || first.tag === TAG.octetString) {
    const hash = expectTag(first, TAG.octetString, "certHash").content;
    return { digest: isFirstVersion ? ("sha1" as const) : ("sha256" as const), hash };
  }
  const oid = readOid(childOf(first, 0, "hashAlgorithm"), "hashAlgorithm");
  return { digest: digestNamed(oid), hash: childOf(node, 1, "certHash", TAG.octetString).content };
}
