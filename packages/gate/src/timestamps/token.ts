/**
 * RFC 3161 tokens over a signature value, as Authenticode and CAdES carry them.
 * Sources: RFC 3161 §2.4.2, RFC 5816, RFC 5035 §3-§5, Microsoft "Time Stamping Authenticode Signatures".
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import { TAG } from "../asn1/der.ts";
import { expectTag } from "../asn1/values.ts";
import { type DigestName, digestNamed } from "../cms/algorithm.ts";
import { frameBytes, ORDINARY_FRAME_BYTES } from "../cms/frame.ts";
import { readSignedData, type SignedData } from "../cms/signed-data.ts";
import type { SignerInfo } from "../cms/signer-info.ts";
import { objectToBinding } from "../cms/signing-certificate.ts";
import { verifySignerInfo } from "../cms/verify.ts";
import { type Certificate, readCertificate } from "../x509/certificate.ts";
import {
  type AuthorityContext,
  broken,
  findAuthority,
  type Judgement,
  judgeAuthority,
  unverifiable,
} from "./authority.ts";
import { bytesOf, reportTimestamp, restsOnMd5, spareBytes } from "./evaluation.ts";
import type { Timestamp } from "./timestamp.ts";
import { readTstInfo, type TstInfo } from "./tst-info.ts";

const TST_INFO = "1.2.840.113549.1.9.16.1.4";

/**
 * Verifies one token.
 * @param token - DER of the ContentInfo
 * @param stamped - the signature value it should cover
 * @param context - certificates around the token; those inside are added
 * @throws {@link ArtifactError} `artifact.malformed` when it is not a token
 */
export function verifyToken(token: Uint8Array, stamped: Uint8Array, context: AuthorityContext): Timestamp {
  const signedData = readSignedData(token);
  const info = readContent(signedData);
  const certificates = signedData.certificates.map((raw) => readCertificate(raw));
  const [signer, ...others] = signedData.signerInfos;
  const digests = [
    info.imprintAlgorithm,
    ...signedData.signerInfos.map((each) => each.digestAlgorithm.oid),
  ].flatMap((oid) => digestNamed(oid) ?? []);
  const pool = [...certificates, ...context.pool];
  const authority = signer === undefined ? undefined : findAuthority(signer, pool);
  const judgement =
    signer === undefined || others.length > 0
      ? // RFC 3161 §2.4.2: the token carries the authority's signature and no other.
        broken("signer-count", `the token has ${signedData.signerInfos.length} signers, not one`)
      : judge({ info, signer, authority, digests, signedData, stamped }, { ...context, pool });
  const spare = spareBytes(certificates, judgement.chain);
  return reportTimestamp("rfc3161", judgement, {
    raw: signedData.raw,
    at: info.at,
    ...(authority === undefined ? {} : { authority }),
    digests,
    policy: info.policy,
    accuracyMilliseconds: info.accuracyMilliseconds,
    uncoveredBytes: looseBytes(signedData) + spare.unusedBytes,
    unprovenBytes: spare.unprovenBytes,
  });
}

interface Token {
  readonly info: TstInfo;
  readonly signer: SignerInfo;
  readonly authority: Certificate | undefined;
  readonly digests: readonly DigestName[];
  readonly signedData: SignedData;
  readonly stamped: Uint8Array;
}

function judge(token: Token, context: AuthorityContext): Judgement {
  const { info, signer, authority, signedData } = token;
  const imprintDigest = digestNamed(info.imprintAlgorithm);
  if (imprintDigest === undefined)
    return unverifiable(
      "algorithm-unsupported",
      `the imprint's digest ${info.imprintAlgorithm} is not known here`,
    );
  if (!createHash(imprintDigest).update(token.stamped).digest().equals(info.imprint))
    return broken("imprint-mismatch", "the timestamp is over another signature");
  if (authority === undefined)
    return unverifiable("certificate-missing", "the authority's certificate is not in the file");
  const verification = verifySignerInfo(signer, {
    contentOctets: signedData.content?.content ?? Buffer.alloc(0),
    contentType: TST_INFO,
    certificate: authority,
  });
  if (!verification.valid)
    return verification.outcome === "unknown"
      ? unverifiable("algorithm-unsupported", verification.because)
      : broken("signature-broken", verification.because);
  const unbound = objectToBinding(signer, authority);
  if (unbound !== undefined) return broken("binding-mismatch", `the token ${unbound}`);
  if (restsOnMd5(token.digests)) return unverifiable("digest-broken", "the timestamp rests on MD5");
  return judgeAuthority("rfc3161", authority, info.at, context);
}

function readContent(signedData: SignedData): TstInfo {
  if (signedData.contentType !== TST_INFO)
    throw new ArtifactError("artifact.malformed", `timestamp: the content is ${signedData.contentType}`);
  if (signedData.content === undefined)
    throw new ArtifactError("artifact.malformed", "timestamp: there is no TSTInfo");
  return readTstInfo(expectTag(signedData.content, TAG.octetString, "TSTInfo").content);
}

/** What stands in a token beside the authority's statement and the certificates. */
function looseBytes(signedData: SignedData): number {
  const loose = [
    ...signedData.otherCertificates,
    ...signedData.revocationLists,
    ...signedData.otherRevocationInformation,
  ].reduce((sum, raw) => sum + raw.length, 0);
  const attributes = signedData.signerInfos.flatMap((signer) => signer.unsignedAttributes);
  return loose + bytesOf(attributes) + Math.max(0, frameBytes(signedData) - ORDINARY_FRAME_BYTES);
}
