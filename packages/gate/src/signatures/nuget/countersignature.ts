/**
 * A repository's signature over the author's: a SignerInfo among the unsigned attributes, whose certificates lie in the
 * author's set. Sources: RFC 5652 §11.4; NuGet, "Repository Signatures", repository countersignature.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { DerNode } from "../../asn1/der.ts";
import { digestNamed } from "../../cms/algorithm.ts";
import { findSigner } from "../../cms/signer-certificate.ts";
import { ATTRIBUTE, readSignerInfo, type SignerInfo } from "../../cms/signer-info.ts";
import { objectToBinding } from "../../cms/signing-certificate.ts";
import { verifySignerInfo } from "../../cms/verify.ts";
import type { CmsSignature } from "../../code-signing/cms-signature.ts";
import { brokenTimestamp } from "../../code-signing/judge-cms.ts";
import { guardReading, outcomeOf } from "../../code-signing/reading.ts";
import {
  findWeakDigest,
  type Problem,
  problemFinding,
  reportSignature,
  reportUnreadable,
} from "../../code-signing/report.ts";
import { judgeTrust, type Trust, type TrustContext } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { readPublicKey } from "../../x509/public-key.ts";
import type { SignatureReport } from "../scheme.ts";
import { kindOf, statementsOf } from "./attributes.ts";

const PLAIN_DATA = "1.2.840.113549.1.7.1";
const TOKENS: readonly string[] = [ATTRIBUTE.rfc3161Token, ATTRIBUTE.timeStampToken];
const MAX_UNKNOWN_BYTES = 4096;

export interface JudgedCountersignature {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
  readonly trust: Trust | undefined;
  readonly raw: Buffer;
}

export function judgeCountersignature(
  node: DerNode,
  primary: CmsSignature,
  { position, context }: { position: number; context: TrustContext },
): JudgedCountersignature {
  try {
    return judge(readSignerInfo(node), primary, { position, context });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable("nuget", position, problem);
    return { report, findings: problemFinding(report, problem), trust: undefined, raw: node.raw };
  }
}

function judge(
  signer: SignerInfo,
  primary: CmsSignature,
  { position, context }: { position: number; context: TrustContext },
): JudgedCountersignature {
  const certificate = findSigner(signer.signerIdentifier, primary.certificates);
  const signed = { certificates: primary.certificates, signerInfo: withoutCountersignatures(signer) };
  const judged =
    certificate === undefined ? undefined : guardReading(() => judgeTrust(signed, certificate, context));
  const trust = judged?.value;
  const problem =
    findProblem(signer, certificate, primary) ?? judged?.problem ?? brokenTimestamp(trust) ?? undefined;
  const digest = digestNamed(signer.digestAlgorithm.oid);
  const report = reportSignature({
    scheme: "nuget",
    position,
    signer: certificate,
    trust,
    problem,
    digestAlgorithm: digest ?? signer.digestAlgorithm.oid,
    facts: { kind: kindOf(signer), countersigns: primary.position, ...statementsOf(signer) },
  });
  return {
    report,
    trust,
    raw: signer.raw,
    findings: [
      ...problemFinding(report, problem),
      ...findUnknown(signer, position),
      ...findWeakDigest(position, digest === undefined ? [] : [digest], trust),
    ],
  };
}

function findProblem(
  signer: SignerInfo,
  certificate: CmsSignature["signer"],
  primary: CmsSignature,
): Problem | undefined {
  if (certificate === undefined)
    return { outcome: "fail", because: "the countersigner's certificate is not in the signature" };
  const verified = verifySignerInfo(signer, {
    contentOctets: primary.signerInfo.signature,
    contentType: PLAIN_DATA,
    certificate,
    contentTypeAttribute: "optional",
  });
  if (!verified.valid)
    return { outcome: verified.outcome, because: `the countersignature does not hold: ${verified.because}` };
  const unbound = objectToBinding(signer, certificate);
  if (unbound !== undefined) return { outcome: "fail", because: `the countersignature ${unbound}` };
  return isOneKeys(primary.signer)
    ? undefined
    : { outcome: "unknown", because: "what it countersigns could be any key's, over anything" };
}

/**
 * Only the value of the author's signature is countersigned. To a value of an elliptic curve anybody finds a key under
 * which it holds for other content (duplicate signature key selection); NuGet's own signatures are all RSA.
 */
function isOneKeys(signer: CmsSignature["signer"]): boolean {
  try {
    return signer !== undefined && readPublicKey(signer.publicKeyInfo).kind.startsWith("rsa");
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return false;
  }
}

/** NuGet's countersignatures are no timestamps, as PKCS#9 has them elsewhere. */
export const withoutCountersignatures = (signer: SignerInfo): SignerInfo => ({
  ...signer,
  unsignedAttributes: signer.unsignedAttributes.filter(({ oid }) => oid !== ATTRIBUTE.countersignature),
});

/** Covered by nothing, and no timestamp. */
function findUnknown({ unsignedAttributes }: SignerInfo, position: number): Finding[] {
  const unknown = unsignedAttributes.filter(({ oid }) => !TOKENS.includes(oid));
  const lengthBytes = unknown.reduce((sum, { raw }) => sum + raw.length, 0);
  if (lengthBytes === 0) return [];
  return [
    {
      check: "certificate-table",
      outcome: lengthBytes > MAX_UNKNOWN_BYTES ? "fail" : "unknown",
      because: `an unsigned attribute of a countersignature holds ${lengthBytes} bytes`,
      facts: { rule: "C6", signature: position, lengthBytes },
    },
  ];
}
