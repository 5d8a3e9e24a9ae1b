/** One signer of a package: each signature, the digest of the whole, the certificate. @module */

import { ArtifactError } from "@sallyport/core";
import { outcomeOf } from "../../code-signing/reading.ts";
import {
  type Problem,
  problemFinding,
  reportSignature,
  reportUnreadable,
} from "../../code-signing/report.ts";
import { judgeSigner, type Trust, type TrustContext } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { type Certificate, readCertificate } from "../../x509/certificate.ts";
import { readPublicKey } from "../../x509/public-key.ts";
import type { SignatureReport } from "../scheme.ts";
import { algorithmOf, verifyValue } from "./algorithms.ts";
import type { Signer } from "./signer.ts";

export interface SignedPackage {
  /** By name; those that any signer's algorithms need. */
  readonly digests: ReadonlyMap<string, Buffer>;
  /** Schemes whose signatures the block holds. */
  readonly schemes: ReadonlySet<string>;
}

export interface JudgedSigner {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
}

/** The signer says that a newer scheme signed as well, so that nobody takes that one out. */
const STRIPPING_PROTECTION = 0xbeeff00d;
const NO_TIMESTAMPS = { timestamps: [], best: undefined, trustedTime: undefined };

export function judgeApkSigner(
  signer: Signer,
  content: SignedPackage,
  { position, context }: { position: number; context: TrustContext },
): JudgedSigner {
  try {
    return judge(signer, content, { position, context });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable("apk", position, problem);
    return { report, findings: problemFinding(report, problem) };
  }
}

function judge(
  signer: Signer,
  content: SignedPackage,
  { position, context }: { position: number; context: TrustContext },
): JudgedSigner {
  const certificates = signer.certificates.map((der) => readCertificate(der));
  const [certificate] = certificates;
  const trust = certificate && judgeCertificate(certificate, certificates, context);
  const problem = findProblem(signer, certificate, content);
  const [strongest] = signer.digests
    .flatMap(({ id }) => algorithmOf(id)?.digest ?? [])
    .toSorted()
    .reverse();
  const report = reportSignature({
    scheme: "apk",
    position,
    signer: certificate,
    trust,
    problem,
    digestAlgorithm: strongest ?? "unknown",
    digest: strongest && content.digests.get(strongest),
    facts: {
      androidScheme: signer.scheme,
      ...(signer.versions && { leastSdk: signer.versions.least, mostSdk: signer.versions.most }),
    },
  });
  return { report, findings: problemFinding(report, problem) };
}

/**
 * Developers sign with certificates of their own, made for nothing in particular, that stay the same for the life of an
 * app: one that a person trusts by itself is enough.
 */
function judgeCertificate(
  certificate: Certificate,
  pool: readonly Certificate[],
  context: TrustContext,
): Trust {
  const judged = judgeSigner({ signer: certificate, pool, timestamps: NO_TIMESTAMPS }, context);
  const anchor = context.trust.anchors.find(
    ({ certificateSha256, purposes }) =>
      certificateSha256 === certificate.sha256 && purposes.includes("code-signing"),
  );
  if (anchor === undefined || judged.path.outcome === "anchored") return judged;
  const { weakness } = readPublicKey(certificate.publicKeyInfo);
  if (weakness !== undefined)
    return { ...judged, trust: "invalid-path", because: `the signer's key cannot be relied on: ${weakness}` };
  if (context.now > certificate.validUntil || context.now < certificate.validFrom)
    return { ...judged, trust: "expired", because: "the signer's certificate is not valid now" };
  const because = `valid now; the signer's own certificate is the trust anchor ${anchor.id}`;
  return { ...judged, trust: "valid-now", because };
}

function findProblem(
  signer: Signer,
  certificate: Certificate | undefined,
  content: SignedPackage,
): Problem | undefined {
  if (certificate === undefined) return fail("the signer's certificate is not in the signature");
  if (!certificate.publicKeyInfo.equals(signer.publicKey))
    return fail("the signer's key is not that of the certificate");
  if (!signer.versionsAgree) return fail("the versions of Android it is for are not those that were signed");
  return signatureProblem(signer) ?? digestProblem(signer, content) ?? strippingProblem(signer, content);
}

/** Every signature that can be read must be right, and the lists must name the same algorithms. */
function signatureProblem({ signatures, digests, signedData, publicKey }: Signer): Problem | undefined {
  const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id).join(" ");
  if (ids(signatures) !== ids(digests)) return fail("its digests and its signatures are of different kinds");
  const known = signatures.flatMap(({ id, value }) => {
    const algorithm = algorithmOf(id);
    return algorithm === undefined ? [] : [{ algorithm, value }];
  });
  if (known.length === 0)
    return { outcome: "unknown", because: `its algorithms ${ids(signatures)} are not known here` };
  const isRight = known.every(({ algorithm, value }) =>
    verifyValue(algorithm, { data: signedData, signature: value, publicKeyInfo: publicKey }),
  );
  return isRight ? undefined : fail("the signature value does not match what it should cover");
}

function digestProblem({ digests }: Signer, content: SignedPackage): Problem | undefined {
  for (const { id, value } of digests) {
    const digest = content.digests.get(algorithmOf(id)?.digest ?? "");
    if (digest === undefined || digest.equals(value)) continue;
    return {
      outcome: "fail",
      because: "the package was changed after it was signed: its digest is not the signed one",
      facts: { signedDigest: value.toString("hex").slice(0, 128), digest: digest.toString("hex") },
    };
  }
  return undefined;
}

function strippingProblem({ attributes }: Signer, { schemes }: SignedPackage): Problem | undefined {
  const other = attributes.find(({ id }) => id === STRIPPING_PROTECTION);
  if (other === undefined || other.value.length < 4) return undefined;
  const scheme = String(other.value.readUInt32LE(0));
  if (schemes.has(scheme)) return undefined;
  return fail(`the signature of Android's scheme ${scheme}, which it names, was taken out`);
}

const fail = (because: string): Problem => ({ outcome: "fail", because });
