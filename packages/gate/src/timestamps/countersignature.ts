/**
 * PKCS#9 countersignatures: the way Authenticode told the time before RFC 3161. A SignerInfo over the parent's
 * signature value; its certificates lie in the parent's set. Sources: RFC 5652 §11.3, §11.4; RFC 2985 §5.3.6.
 * @module
 */

import type { DerNode } from "../asn1/der.ts";
import { readTime } from "../asn1/values.ts";
import { type DigestName, digestNamed } from "../cms/algorithm.ts";
import { ATTRIBUTE, readSignerInfo, type SignerInfo, singleValue } from "../cms/signer-info.ts";
import { verifySignerInfo } from "../cms/verify.ts";
import type { Certificate } from "../x509/certificate.ts";
import {
  type AuthorityContext,
  broken,
  findAuthority,
  type Judgement,
  judgeAuthority,
  unverifiable,
} from "./authority.ts";
import { bytesOf, reportTimestamp, restsOnMd5 } from "./evaluation.ts";
import type { Timestamp } from "./timestamp.ts";

const PLAIN_DATA = "1.2.840.113549.1.7.1";

/**
 * Verifies one countersignature.
 * @param node - the SignerInfo
 * @param stamped - the parent's signature value
 * @param context - the parent's certificates
 * @throws {@link ArtifactError} `artifact.malformed` when it is not a SignerInfo
 */
export function verifyCountersignature(
  node: DerNode,
  stamped: Uint8Array,
  context: AuthorityContext,
): Timestamp {
  const signer = readSignerInfo(node);
  const value = singleValue(signer.signedAttributes?.list ?? [], ATTRIBUTE.signingTime);
  const at = value === undefined ? undefined : readTime(value, "signingTime");
  const authority = findAuthority(signer, context.pool);
  const digest = digestNamed(signer.digestAlgorithm.oid);
  const digests = digest === undefined ? [] : [digest];
  const judgement = judge({ signer, at, authority, digests }, stamped, context);
  return reportTimestamp("pkcs9", judgement, {
    raw: node.raw,
    ...(at === undefined ? {} : { at }),
    ...(authority === undefined ? {} : { authority }),
    digests,
    uncoveredBytes: bytesOf(signer.unsignedAttributes),
  });
}

interface Countersignature {
  readonly signer: SignerInfo;
  readonly at: Date | undefined;
  readonly authority: Certificate | undefined;
  readonly digests: readonly DigestName[];
}

function judge(
  { signer, at, authority, digests }: Countersignature,
  stamped: Uint8Array,
  context: AuthorityContext,
): Judgement {
  if (authority === undefined)
    return unverifiable("certificate-missing", "the countersigner's certificate is not in the file");
  const verification = verifySignerInfo(signer, {
    contentOctets: stamped,
    contentType: PLAIN_DATA,
    certificate: authority,
    contentTypeAttribute: "optional",
  });
  if (!verification.valid) {
    if (verification.outcome === "unknown")
      return unverifiable("algorithm-unsupported", verification.because);
    return verification.reason === "message-digest-mismatch"
      ? broken("imprint-mismatch", "the countersignature is over another signature")
      : broken("signature-broken", verification.because);
  }
  if (at === undefined) return broken("signing-time-missing", "the countersignature tells no time");
  if (restsOnMd5(digests)) return unverifiable("digest-broken", "the countersignature rests on MD5");
  return judgeAuthority("pkcs9", authority, at, context);
}
