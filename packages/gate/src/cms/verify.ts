/**
 * Does a signer's signature cover this content? Nothing here asks whether the signer can be believed.
 * Sources: RFC 5652 §5.4, §5.6, §11.1, §11.2; RFC 5754 and RFC 8419 for the algorithms.
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { hasCode } from "@sallyport/core";
import { TAG } from "../asn1/der.ts";
import { expectTag, readOid } from "../asn1/values.ts";
import { verifySignature } from "../x509/signature-algorithm.ts";
import { type DigestName, digestNamed } from "./algorithm.ts";
import { signatureAlgorithmOf } from "./signature-algorithm.ts";
import { ATTRIBUTE, type SignerInfo, singleValue } from "./signer-info.ts";

export interface SignerVerificationRequest {
  /** Content octets, without the outer tag and length: see `SignedData.content`. */
  readonly contentOctets: Uint8Array;
  /** Object identifier of the content. The `contentType` attribute must name it. */
  readonly contentType: string;
  /** The signer's certificate: only its key is used. */
  readonly certificate: { readonly publicKeyInfo: Buffer };
  /**
   * RFC 5652 §11.4 forbids a countersignature the `contentType` attribute; Authenticode writes it anyway.
   * Default `required`.
   */
  readonly contentTypeAttribute?: "required" | "optional";
}

/** Stable, for callers to branch on. */
export type SignerFailure =
  | "message-digest-mismatch"
  | "message-digest-missing"
  | "content-type-mismatch"
  | "content-type-missing"
  | "signed-attributes-missing"
  | "signature-mismatch"
  /** The signature algorithm's digest is another than the one `digestAlgorithm` names. */
  | "algorithm-mismatch"
  | "key-unusable"
  /** Outcome `unknown`: an algorithm nothing here knows. */
  | "algorithm-unsupported";

export type SignerVerification =
  | { readonly valid: true; readonly because: string; readonly digest: DigestName }
  | {
      readonly valid: false;
      readonly outcome: "fail" | "unknown";
      readonly reason: SignerFailure;
      /** One sentence. */
      readonly because: string;
    };

/**
 * Checks one SignerInfo over its content: the `messageDigest` and `contentType` attributes, then the signature
 * over the signed attributes as they stand in the file.
 * @throws {@link ArtifactError} `artifact.malformed` when an attribute is not what its type says
 */
export function verifySignerInfo(signer: SignerInfo, request: SignerVerificationRequest): SignerVerification {
  const digest = digestNamed(signer.digestAlgorithm.oid);
  if (digest === undefined)
    return unsupported(`the digest algorithm ${signer.digestAlgorithm.oid} is not known here`);
  const attributes = verifyAttributes(signer, request, digest);
  if (attributes !== undefined) return attributes;
  return verifyValue(signer, request, digest);
}

function verifyAttributes(
  signer: SignerInfo,
  request: SignerVerificationRequest,
  digest: DigestName,
): SignerVerification | undefined {
  const attributes = signer.signedAttributes?.list;
  if (attributes === undefined) {
    // RFC 5652 §5.3: they may be left out only when the content is plain data.
    if (request.contentType === PLAIN_DATA) return undefined;
    return failed("signed-attributes-missing", "the signature does not name the content it is over");
  }
  const claimed = singleValue(attributes, ATTRIBUTE.messageDigest);
  if (claimed === undefined)
    return failed("message-digest-missing", "the signature does not carry the digest of its content");
  const actual = createHash(digest).update(request.contentOctets).digest();
  if (!equal(expectTag(claimed, TAG.octetString, "messageDigest").content, actual))
    return failed("message-digest-mismatch", "the signed digest is not that of the content");
  const type = singleValue(attributes, ATTRIBUTE.contentType);
  if (type === undefined) {
    if (request.contentTypeAttribute === "optional") return undefined;
    return failed("content-type-missing", "the signature does not carry the type of its content");
  }
  if (readOid(type, "contentType") !== request.contentType)
    return failed("content-type-mismatch", "the signed content type is not that of the content");
  return undefined;
}

function verifyValue(
  signer: SignerInfo,
  request: SignerVerificationRequest,
  digest: DigestName,
): SignerVerification {
  const chosen = signatureAlgorithmOf(signer.signatureAlgorithm, digest);
  if (chosen === undefined)
    return unsupported(`the signature algorithm ${signer.signatureAlgorithm.oid} is not known here`);
  if (chosen.digest !== undefined && chosen.digest !== digest)
    return failed("algorithm-mismatch", `the digest is ${digest} but the signature is over ${chosen.digest}`);
  try {
    const matches = verifySignature({
      publicKeyInfo: request.certificate.publicKeyInfo,
      algorithm: chosen.node,
      data: signer.signedAttributes?.signedBytes ?? request.contentOctets,
      signature: signer.signature,
    });
    if (!matches)
      return failed("signature-mismatch", "the signature value does not match what it should cover");
  } catch (error) {
    if (hasCode(error, "artifact.unsupported")) return unsupported(error.message);
    if (hasCode(error, "artifact.malformed")) return failed("key-unusable", error.message);
    throw error;
  }
  return { valid: true, because: "the signature covers the content", digest };
}

const PLAIN_DATA = "1.2.840.113549.1.7.1";

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

const failed = (reason: SignerFailure, because: string): SignerVerification => ({
  valid: false,
  outcome: "fail",
  reason,
  because,
});

const unsupported = (because: string): SignerVerification => ({
  valid: false,
  outcome: "unknown",
  reason: "algorithm-unsupported",
  because,
});
