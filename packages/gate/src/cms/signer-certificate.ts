/** Which certificate a SignerInfo means. Source: RFC 5652 §5.3, RFC 5280 §4.2.1.2. @module */

import type { Certificate } from "../x509/certificate.ts";
import type { SignerIdentifier } from "./signer-info.ts";

/** The first that fits; exact duplicates of a certificate are common and harmless. */
export function findSigner(
  identifier: SignerIdentifier,
  certificates: readonly Certificate[],
): Certificate | undefined {
  return certificates.find((certificate) => isMeant(identifier, certificate));
}

function isMeant(identifier: SignerIdentifier, certificate: Certificate): boolean {
  if (identifier.kind === "issuer-and-serial")
    return identifier.issuer.equals(certificate.issuer) && identifier.serial.equals(certificate.serial);
  return certificate.subjectKeyIdentifier?.equals(identifier.keyIdentifier) === true;
}
