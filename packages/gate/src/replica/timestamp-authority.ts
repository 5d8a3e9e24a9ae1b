/**
 * Timestamps made in code: RFC 3161 tokens and the older PKCS#9 countersignatures.
 * Sources: RFC 3161 §2.4.2, RFC 5816 (ESSCertIDv2), RFC 5035, RFC 2985 §5.3.6, RFC 5652 §11.4.
 * @module
 */

import { createHash } from "node:crypto";
import {
  writeGeneralizedTime,
  writeInteger,
  writeObjectIdentifier,
  writeOctetString,
  writeSequence,
} from "../asn1/write.ts";
import type { DigestName } from "../cms/algorithm.ts";
import { ATTRIBUTE } from "../cms/signer-info.ts";
import type { IssuedCertificate } from "./certificate-authority.ts";
import { signSignerInfo, writeAttribute, writeSignedData } from "./cms-signer.ts";
import { type SignatureNaming, writeDigestAlgorithm } from "./signing-key.ts";

export interface StampRequest {
  readonly authority: IssuedCertificate;
  /** The signature value of the SignerInfo being stamped. */
  readonly signature: Uint8Array;
  readonly at: Date;
  /** Default `sha256`. */
  readonly digest?: DigestName;
  readonly naming?: SignatureNaming;
}

export interface TokenRequest extends StampRequest {
  /** DER, besides the authority's own. */
  readonly certificates?: readonly Uint8Array[];
  /** Of the imprint. Default: the digest of the signature. */
  readonly imprintDigest?: DigestName;
  readonly policy?: string;
  readonly accuracySeconds?: number;
  /** How the token names the authority's certificate. Default `v2`. */
  readonly binding?: "v1" | "v2" | "none";
  /** What to get wrong. */
  readonly broken?: {
    readonly imprint?: Uint8Array;
    /** The certificate named, in place of the authority's. */
    readonly boundCertificate?: Uint8Array;
    readonly withoutAuthorityCertificate?: boolean;
    readonly contentType?: string;
  };
}

const TST_INFO = "1.2.840.113549.1.9.16.1.4";

/** DER of a TimeStampToken: a ContentInfo. */
export function issueToken(request: TokenRequest): Buffer {
  const digest = request.digest ?? "sha256";
  const imprintDigest = request.imprintDigest ?? digest;
  const imprint = request.broken?.imprint ?? createHash(imprintDigest).update(request.signature).digest();
  const accuracy = request.accuracySeconds;
  const info = writeSequence(
    writeInteger(1),
    writeObjectIdentifier(request.policy ?? "1.3.6.1.4.1.99999.1"),
    writeSequence(writeDigestAlgorithm(imprintDigest), writeOctetString(imprint)),
    writeInteger(createHash("sha1").update(imprint).digest().subarray(0, 8)),
    writeGeneralizedTime(request.at),
    ...(accuracy === undefined ? [] : [writeSequence(writeInteger(accuracy))]),
  );
  const contentType = request.broken?.contentType ?? TST_INFO;
  const signerInfo = signSignerInfo({
    signer: request.authority,
    contentType,
    contentOctets: info,
    digest,
    naming: request.naming ?? "full",
    signingTime: request.at,
    signedAttributes: writeBinding(request),
  });
  const own = request.broken?.withoutAuthorityCertificate === true ? [] : [request.authority.certificate];
  return writeSignedData({
    contentType,
    content: writeOctetString(info),
    signerInfos: [signerInfo],
    digests: [digest],
    certificates: [...own, ...(request.certificates ?? [])],
    version: 3,
  });
}

/** DER of a countersignature: a SignerInfo. Its certificates belong into the parent's set. */
export function issueCountersignature(request: StampRequest & { withoutTime?: boolean }): Buffer {
  return signSignerInfo({
    signer: request.authority,
    contentType: "1.2.840.113549.1.7.1",
    contentOctets: request.signature,
    digest: request.digest ?? "sha1",
    naming: request.naming ?? "bare",
    ...(request.withoutTime === true ? {} : { signingTime: request.at }),
  });
}

/** The unsigned attribute that carries RFC 3161 tokens in Authenticode. */
export const writeTokenAttribute = (...tokens: readonly Uint8Array[]): Buffer =>
  writeAttribute(ATTRIBUTE.rfc3161Token, ...tokens);

/** The unsigned attribute that carries countersignatures. */
export const writeCountersignatureAttribute = (...signerInfos: readonly Uint8Array[]): Buffer =>
  writeAttribute(ATTRIBUTE.countersignature, ...signerInfos);

function writeBinding(request: TokenRequest): Uint8Array[] {
  const binding = request.binding ?? "v2";
  if (binding === "none") return [];
  const bound = request.broken?.boundCertificate ?? request.authority.certificate;
  // SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID }; ESSCertIDv2 defaults to SHA-256.
  const hash = createHash(binding === "v1" ? "sha1" : "sha256")
    .update(bound)
    .digest();
  const value = writeSequence(writeSequence(writeSequence(writeOctetString(hash))));
  const oid = binding === "v1" ? ATTRIBUTE.signingCertificate : ATTRIBUTE.signingCertificateV2;
  return [writeAttribute(oid, value)];
}
