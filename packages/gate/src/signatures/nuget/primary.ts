/** The author's or the repository's own signature over the package, and what countersigns it. @module */

import { ArtifactError } from "@sallyport/core";
import { makeDefinite } from "../../asn1/definite.ts";
import { TAG } from "../../asn1/der.ts";
import { expectTag } from "../../asn1/values.ts";
import { ATTRIBUTE } from "../../cms/signer-info.ts";
import { objectToBinding } from "../../cms/signing-certificate.ts";
import { type CmsSignature, readCmsSignature } from "../../code-signing/cms-signature.ts";
import { findHidingPlaces } from "../../code-signing/hiding-places.ts";
import { judgeCms } from "../../code-signing/judge-cms.ts";
import { findWeakDigest, type Problem, problemFinding, reportSignature } from "../../code-signing/report.ts";
import { findUnvouchedBytes } from "../../code-signing/unvouched.ts";
import type { Verification, VerifyContext } from "../scheme.ts";
import { kindOf, statementsOf } from "./attributes.ts";
import { readContent, type SignatureContent } from "./content.ts";
import {
  type JudgedCountersignature,
  judgeCountersignature,
  withoutCountersignatures,
} from "./countersignature.ts";
import { packageDigest, type SignedPackage } from "./package-digest.ts";

const PLAIN_DATA = "1.2.840.113549.1.7.1";
const MAX_COUNTERSIGNATURES = 16;

/** @param bytes - of `.signature.p7s` */
export async function judgePrimary(
  bytes: Buffer,
  signed: SignedPackage,
  context: VerifyContext,
): Promise<Verification> {
  const signature = readSignature(bytes);
  const octets = contentOf(signature);
  const content = readContent(octets);
  const digest =
    content.digestName === undefined
      ? undefined
      : await packageDigest(signed, content.digestName, context.budget);
  const alone = { ...signature, signerInfo: withoutCountersignatures(signature.signerInfo) };
  const { trust, problem } = judgeCms(alone, { octets, type: PLAIN_DATA }, context);
  const worst = contentProblem(content, digest) ?? problem ?? bindingProblem(signature);
  const report = reportSignature({
    scheme: "nuget",
    position: 0,
    signer: signature.signer,
    trust,
    problem: worst,
    digestAlgorithm: content.digestName ?? content.digestOid,
    digest,
    facts: {
      kind: kindOf(signature.signerInfo),
      ...statementsOf(signature.signerInfo),
      signatureBytes: bytes.length,
    },
  });
  const digests = [content.digestName, signature.signerDigest].flatMap((name) => name ?? []);
  const countersignatures = judgeCountersignatures(signature, context);
  const trusts = [trust, ...countersignatures.map((one) => one.trust)];
  return {
    signatures: [report, ...countersignatures.map((one) => one.report)],
    findings: [
      ...problemFinding(report, worst),
      ...findHidingPlaces(signature, ...trusts),
      ...findUnvouchedBytes([{ signature, trusts, besides: strayBytes(countersignatures) }]),
      ...findWeakDigest(0, digests, trust),
      ...countersignatures.flatMap((one) => one.findings),
    ],
  };
}

const strayBytes = (countersignatures: readonly JudgedCountersignature[]): readonly Buffer[] =>
  countersignatures.filter(({ trust }) => trust?.path.outcome !== "anchored").map(({ raw }) => raw);

function readSignature(bytes: Buffer): CmsSignature {
  const { der, sizeBytes } = makeDefinite(bytes);
  if (sizeBytes !== bytes.length)
    throw new ArtifactError("artifact.malformed", "nuget: bytes follow the PKCS#7");
  return { ...readCmsSignature(der), position: 0, entryOffsetBytes: 0, entryBytes: der };
}

function contentOf({ signedData }: CmsSignature): Buffer {
  const { content, contentType } = signedData;
  if (contentType !== PLAIN_DATA || content === undefined)
    throw new ArtifactError(
      "artifact.malformed",
      `nuget: the signature is over ${contentType}, not a digest`,
    );
  return expectTag(content, TAG.octetString, "content").content;
}

function contentProblem(content: SignatureContent, digest: Buffer | undefined): Problem | undefined {
  if (digest === undefined) {
    const because = `the package's digest is of a kind not known here: ${content.digestOid}`;
    return { outcome: "unknown", because };
  }
  if (digest.equals(content.digest)) return undefined;
  return {
    outcome: "fail",
    because: "the package was changed after it was signed: its digest is not the signed one",
    facts: { signedDigest: content.digest.toString("hex").slice(0, 128), digest: digest.toString("hex") },
  };
}

function bindingProblem({ signer, signerInfo }: CmsSignature): Problem | undefined {
  const unbound = signer === undefined ? undefined : objectToBinding(signerInfo, signer);
  return unbound === undefined ? undefined : { outcome: "fail", because: `the signature ${unbound}` };
}

function judgeCountersignatures(signature: CmsSignature, context: VerifyContext) {
  const nodes = signature.signerInfo.unsignedAttributes
    .filter(({ oid }) => oid === ATTRIBUTE.countersignature)
    .flatMap(({ values }) => values);
  if (nodes.length > MAX_COUNTERSIGNATURES)
    throw new ArtifactError("artifact.over-limit", "nuget: there are too many countersignatures");
  return nodes.map((node, index) => judgeCountersignature(node, signature, { position: index + 1, context }));
}
