/**
 * Signed manifests of ClickOnce applications and deployments.
 * Sources: Microsoft Learn, "ClickOnce manifest signing"; W3C, XML Signature Syntax and Processing.
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource, hasCode, readExactly } from "@sallyport/core";
import { readSignedData } from "../../cms/signed-data.ts";
import { brokenTimestamp } from "../../code-signing/judge-cms.ts";
import { guardReading, outcomeOf } from "../../code-signing/reading.ts";
import {
  findWeakDigest,
  type Problem,
  problemFinding,
  reportSignature,
  reportUnreadable,
} from "../../code-signing/report.ts";
import { judgeSigner, type Trust } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { MAX_MANIFEST_BYTES } from "../../formats/assembly-manifest/index.ts";
import { verifyTokens } from "../../timestamps/verify.ts";
import { type Certificate, readCertificate } from "../../x509/certificate.ts";
import { placeRoot } from "../../xml/canonical.ts";
import { elementsOf } from "../../xml/element.ts";
import { readXmlDocument } from "../../xml/read-xml.ts";
import { digestOf, methodDigest, verifyValue } from "../../xml-signature/algorithms.ts";
import { DSIG } from "../../xml-signature/reference.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { isKeyOf } from "./key.ts";
import { type EnvelopedSignature, type License, readEnveloped, readLicense } from "./manifest-signature.ts";

export const clickonce: SignatureScheme = {
  id: "clickonce",
  question: "Who signed this manifest, and does the signature cover all of it?",
  document: "Microsoft Learn, ClickOnce manifest signing; W3C XML Signature",
  formats: ["assembly-manifest"],
  verify,
};

const TST_INFO = "1.2.840.113549.1.9.16.1.4";
const NO_SIGNATURE: Verification = { signatures: [], findings: [] };

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  try {
    if (source.sizeBytes > MAX_MANIFEST_BYTES)
      throw new ArtifactError("artifact.over-limit", "manifest: it is larger than manifests are");
    const bytes = await readExactly(source, 0, source.sizeBytes, "manifest");
    // Windows reads manifests more leniently than this, but signs none that are no XML.
    if (!bytes.includes("SignatureValue") && !bytes.includes("S\0i\0g\0n\0a\0t\0u\0r\0e\0V", 0, "latin1"))
      return NO_SIGNATURE;
    return judge(bytes, context);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable("clickonce", 0, problem);
    return { signatures: [report], findings: problemFinding(report, problem) };
  }
}

function judge(bytes: Buffer, context: VerifyContext): Verification {
  const { root, instructionCount } = readXmlDocument(bytes);
  if (instructionCount > 0)
    throw new ArtifactError("artifact.unsupported", "manifest: it has processing instructions");
  const signed = elementsOf(root, "Signature").filter(({ namespace }) => namespace === DSIG);
  if (signed.length === 0) return NO_SIGNATURE;
  const place = placeRoot(root);
  const outer = readEnveloped(place, place);
  const license = readLicense(outer);
  const certificates = (license?.signature ?? outer).certificates.map((der) => readCertificate(der));
  const signer = certificates.find((one) => isKeyOf(one, outer.key));
  const judged = signer && judgeTrust(license, signer, { pool: certificates, context });
  const problem =
    findProblem(outer, license, signer) ?? judged?.problem ?? brokenTimestamp(judged?.value) ?? undefined;
  return write({ bytes, outer, license, signer, trust: judged?.value, problem });
}

function judgeTrust(
  license: License | undefined,
  signer: Certificate,
  { pool, context }: { pool: readonly Certificate[]; context: VerifyContext },
) {
  return guardReading(() => {
    const stamped = license?.signature.value ?? Buffer.alloc(0);
    const tokens = (license?.timestamps ?? []).filter(isToken);
    const timestamps = verifyTokens(tokens, stamped, { pool, trust: context.trust });
    return judgeSigner({ signer, pool, timestamps }, context);
  });
}

/** Timestamps of the kind before RFC 3161 say a time that nothing here can prove; what is neither proves nothing either. */
function isToken(der: Buffer): boolean {
  try {
    return readSignedData(der).contentType === TST_INFO;
  } catch (error) {
    if (hasCode(error, "artifact.malformed", "artifact.unsupported")) return false;
    throw error;
  }
}

function findProblem(
  outer: EnvelopedSignature,
  license: License | undefined,
  signer: Certificate | undefined,
): Problem | undefined {
  if (signer === undefined) {
    const because = "only a key stands behind the manifest: no certificate in it is of that key";
    return { outcome: license === undefined ? "unknown" : "fail", because };
  }
  const document = envelopedProblem(outer, signer, "the manifest");
  if (document !== undefined || license === undefined) return document;
  if (license.signature.key !== undefined && !isKeyOf(signer, license.signature.key))
    return { outcome: "fail", because: "the license in the signature is by another key" };
  const digest = Buffer.from(outer.reference.digest).reverse().toString("hex");
  if (license.manifestHash.toLowerCase() !== digest)
    return { outcome: "fail", because: "the license in the signature is of another manifest" };
  return envelopedProblem(license.signature, signer, "the license in the signature");
}

function envelopedProblem(
  signature: EnvelopedSignature,
  signer: Certificate,
  what: string,
): Problem | undefined {
  const { reference, enveloped, method, signedInfo, value } = signature;
  const digest = createHash(digestOf(reference.digestMethod)).update(enveloped).digest();
  if (!digest.equals(reference.digest))
    return { outcome: "fail", because: `${what} was changed after it was signed` };
  const verified = guardReading(() =>
    verifyValue(method, { data: signedInfo, value, publicKeyInfo: signer.publicKeyInfo }),
  );
  if (verified.problem !== undefined) return verified.problem;
  if (verified.value) return undefined;
  return { outcome: "fail", because: `the signature value does not match ${what}` };
}

interface Judged {
  readonly bytes: Buffer;
  readonly outer: EnvelopedSignature;
  readonly license: License | undefined;
  readonly signer: Certificate | undefined;
  readonly trust: Trust | undefined;
  readonly problem: Problem | undefined;
}

function write({ bytes, outer, license, signer, trust, problem }: Judged): Verification {
  const both = [outer, ...(license === undefined ? [] : [license.signature])];
  const digests = both.flatMap(({ method, reference }) => [
    methodDigest(method),
    digestOf(reference.digestMethod),
  ]);
  const report = reportSignature({
    scheme: "clickonce",
    position: 0,
    signer,
    trust,
    problem,
    digestAlgorithm: digestOf(outer.reference.digestMethod),
    digest: createHash(digestOf(outer.reference.digestMethod)).update(outer.enveloped).digest(),
    facts: { signatureBytes: bytes.length - outer.enveloped.length },
  });
  return {
    signatures: [report],
    findings: [
      ...problemFinding(report, problem),
      ...findLoose({ bytes, outer, license, trust }),
      ...findWeakDigest(0, digests, trust),
    ],
  };
}

/** Tags, white space, the keys, comments that explain. */
const MAX_LOOSE_BYTES = 16 * 1024;

/** Bytes that neither signature covers: comments, white space inside of the signature, what is no part of it. */
function findLoose({
  bytes,
  outer,
  license,
  trust,
}: Pick<Judged, "bytes" | "outer" | "license" | "trust">): Finding[] {
  const chain = (trust?.path.chain ?? []).reduce((sum, { raw }) => sum + raw.length, 0);
  const timestamps = (trust?.timestamps.timestamps ?? [])
    .filter(({ outcome }) => outcome !== "broken")
    .reduce((sum, { raw, uncoveredBytes }) => sum + raw.length - uncoveredBytes, 0);
  const covered =
    outer.enveloped.length + outer.signedInfo.length + (license?.signature.enveloped.length ?? 0);
  const lengthBytes = bytes.length - covered - Math.ceil(((chain + timestamps) * 4) / 3);
  if (lengthBytes <= MAX_LOOSE_BYTES) return [];
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: `${lengthBytes} bytes stand in the manifest that its signature does not cover`,
      facts: { lengthBytes },
    },
  ];
}
