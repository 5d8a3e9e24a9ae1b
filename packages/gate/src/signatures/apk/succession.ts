/**
 * Android looks at the newest scheme it knows and at no other: whoever can add a signature of a newer scheme is the
 * signer there, and the one whose updates are taken. So a newer one is by a signer of an older one, or by somebody whom
 * such a signer named as successor.
 * Source: Android, "APK Signature Scheme v3", proof-of-rotation; apksig, V3SigningCertificateLineage.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import { integrityFinding } from "../../code-signing/zip-package.ts";
import type { Finding } from "../../finding.ts";
import { readCertificate } from "../../x509/certificate.ts";
import { algorithmOf, verifyValue } from "./algorithms.ts";
import { BlockReader } from "./block-reader.ts";
import type { Signer } from "./signer.ts";

const PROOF_OF_ROTATION = 0x3ba06f8c;
const MAX_NODES = 32;
const SCHEMES_IN_ORDER = ["2", "3", "3.1"];

/** @returns a finding of check `integrity` for each newer signer whom no older one knows */
export function findStrangers(signers: readonly Signer[]): readonly Finding[] {
  return signers.flatMap((signer, position) => {
    const older = signers.filter((one) => isOlder(one, signer));
    if (older.length === 0 || older.some((one) => isSame(one, signer))) return [];
    const problem = findProblem(signer, older);
    if (problem === undefined) return [];
    const because = `newer versions of Android take it to be by another signer: ${problem.because}`;
    return [
      integrityFinding(problem.outcome, because, { signature: position, androidScheme: signer.scheme }),
    ];
  });
}

/** By the scheme; within a newer one each signer is for some versions of Android. */
function isOlder(one: Signer, signer: Signer): boolean {
  const rank = ({ scheme }: Signer) => SCHEMES_IN_ORDER.indexOf(scheme);
  const least = ({ versions }: Signer) => versions?.least ?? 0;
  return rank(one) < rank(signer) || (rank(one) === rank(signer) && least(one) < least(signer));
}

const isSame = ({ certificates: [one] }: Signer, { certificates: [other] }: Signer): boolean =>
  one !== undefined && other?.equals(one) === true;

function findProblem(
  signer: Signer,
  older: readonly Signer[],
): Pick<Finding, "outcome" | "because"> | undefined {
  const proof = signer.attributes.find(({ id }) => id === PROOF_OF_ROTATION);
  if (proof === undefined) return { outcome: "fail", because: "nobody named that one as successor" };
  try {
    const lineage = readLineage(proof.value);
    if (lineage.at(-1)?.equals(signer.certificates[0] ?? Buffer.alloc(0)) !== true)
      return { outcome: "fail", because: "the proof that the key was changed is for another one" };
    const isNamed = older.some(({ certificates: [own] }) => lineage.some((one) => own?.equals(one) === true));
    return isNamed
      ? undefined
      : { outcome: "fail", because: "the proof that the key was changed is another's" };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const outcome = error.code === "artifact.malformed" ? "fail" : "unknown";
    return { outcome, because: error.message };
  }
}

/**
 * Certificates from the first to the last, each signed for by the one before.
 * @throws {@link ArtifactError} `artifact.malformed`, `artifact.unsupported`, `artifact.over-limit`
 */
function readLineage(value: Buffer): readonly Buffer[] {
  const reader = new BlockReader(value);
  if (reader.number() !== 1)
    throw new ArtifactError(
      "artifact.unsupported",
      "apk: a proof of another version that the key was changed",
    );
  const certificates: Buffer[] = [];
  let before: { readonly publicKeyInfo: Buffer; readonly algorithm: number } | undefined;
  while (!reader.ended) {
    if (certificates.length >= MAX_NODES)
      throw new ArtifactError("artifact.over-limit", "apk: the key was changed too many times");
    const node = new BlockReader(reader.value());
    const signedData = node.value();
    node.number();
    const next = node.number();
    const signature = node.value();
    node.expectEnd();
    const inside = new BlockReader(signedData);
    const certificate = inside.value();
    if (before !== undefined) expectSigned({ signedData, signature, stated: inside.number() }, before);
    certificates.push(certificate);
    before = { publicKeyInfo: readCertificate(certificate).publicKeyInfo, algorithm: next };
  }
  return certificates;
}

function expectSigned(
  { signedData, signature, stated }: { signedData: Buffer; signature: Buffer; stated: number },
  { publicKeyInfo, algorithm: id }: { publicKeyInfo: Buffer; algorithm: number },
): void {
  const algorithm = algorithmOf(id);
  if (algorithm === undefined)
    throw new ArtifactError(
      "artifact.unsupported",
      "apk: the key was changed by an algorithm not known here",
    );
  if (stated !== id || !verifyValue(algorithm, { data: signedData, signature, publicKeyInfo }))
    throw new ArtifactError("artifact.malformed", "apk: the proof that the key was changed does not hold");
}
