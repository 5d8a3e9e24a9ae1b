/** A trust anchor out of a certificate: the facts are kept, the certificate is not. Source: RFC 5914 §2. @module */

import { type Certificate, readCertificate } from "../x509/certificate.ts";
import { KEY_PURPOSE } from "../x509/extensions.ts";
import { readPublicKey } from "../x509/public-key.ts";
import type { Purpose, TrustAnchor } from "./trust-store.ts";

/**
 * Reads the facts. A certificate that is no authority (version 3, without cA) anchors only itself; one that
 * restricts its purposes anchors only those.
 * @throws ArtifactError `artifact.malformed` or `artifact.unsupported` when the certificate or its key cannot be used
 */
export function anchorFrom(
  der: Uint8Array,
  decision: {
    id: string;
    family: string;
    origin: string;
    purposes: readonly Purpose[];
    distrustAfter?: Date;
  },
): TrustAnchor {
  const certificate = readCertificate(der);
  readPublicKey(certificate.publicKeyInfo);
  const { distrustAfter, ...named } = decision;
  return {
    ...named,
    subject: certificate.subject,
    subjectText: certificate.summary.subject,
    publicKey: certificate.publicKeyInfo,
    validFrom: certificate.validFrom,
    validUntil: certificate.validUntil,
    purposes: decision.purposes.filter((purpose) => allows(certificate, purpose)),
    certificateSha256: certificate.sha256,
    ...(isAuthority(certificate) ? {} : { onlyItself: true }),
    ...(distrustAfter === undefined ? {} : { distrustAfter }),
  };
}

/** Roots of the 1990s are version 1, and have no place to say that they are authorities: being self-signed says it. */
function isAuthority(certificate: Certificate): boolean {
  if (certificate.basicConstraints !== undefined) return certificate.basicConstraints.isAuthority;
  return certificate.subjectKey === certificate.issuerKey && certificate.extendedKeyUsage === undefined;
}

function allows(certificate: Certificate, purpose: Purpose): boolean {
  const allowed = certificate.extendedKeyUsage;
  if (allowed === undefined || allowed.has(KEY_PURPOSE.any)) return true;
  if (purpose === "timestamping") return allowed.has(KEY_PURPOSE.timestamping);
  return allowed.has(KEY_PURPOSE.codeSigning) || allowed.has(KEY_PURPOSE.applePackageSigning);
}
