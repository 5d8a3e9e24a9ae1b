/** A bare RSA key against that of a certificate. Source: W3C, XML Signature §4.5.2.2 (RSAKeyValue). @module */

import { hasCode } from "@sallyport/core";
import type { Certificate } from "../../x509/certificate.ts";
import { readPublicKey } from "../../x509/public-key.ts";

/** True when no key is given: then only the certificate is. */
export function isKeyOf(
  certificate: Certificate,
  key: { readonly modulus: Buffer; readonly exponent: Buffer } | undefined,
): boolean {
  if (key === undefined) return true;
  try {
    const jwk = readPublicKey(certificate.publicKeyInfo).key.export({ format: "jwk" });
    return numberOf(jwk.n) === plain(key.modulus) && numberOf(jwk.e) === plain(key.exponent);
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return false;
    throw error;
  }
}

const numberOf = (text: string | undefined): string => plain(Buffer.from(text ?? "", "base64url"));

const plain = (bytes: Buffer): string => bytes.toString("hex").replace(/^(?:00)+/, "");
