/** One signature part: its value, what it refers to, who made it and when, and what stands beside it. @module */

import { createHash } from "node:crypto";
import { ArtifactError } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
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
import { verifyTokens } from "../../timestamps/verify.ts";
import { type Certificate, readCertificate } from "../../x509/certificate.ts";
import { canonicalXml, type Placed, placeChild } from "../../xml/canonical.ts";
import { elementsOf } from "../../xml/element.ts";
import { digestOf, methodDigest, verifyValue } from "../../xml-signature/algorithms.ts";
import { algorithmOf, DSIG, readReference } from "../../xml-signature/reference.ts";
import type { SignatureReport, VerifyContext } from "../scheme.ts";
import { type Coverage, judgeParts } from "./coverage.ts";
import { findLoose } from "./loose.ts";
import type { OpcPackage } from "./package.ts";
import { readSignatureXml, type SignatureXml } from "./signature-xml.ts";
import { isCanonical } from "./transforms.ts";

/** Each costs a search through the signature. */
const MAX_REFERENCES = 64;

export interface SignatureFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** DER of certificates that stand in parts of their own. */
  readonly certificates: readonly Buffer[];
}

export interface JudgedSignature {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
  readonly covered: ReadonlySet<string>;
}

export async function judgeSignature(
  file: SignatureFile,
  { opc, uncovered }: { opc: OpcPackage; uncovered: (covered: ReadonlySet<string>) => Problem | undefined },
  { position, context }: { position: number; context: VerifyContext },
): Promise<JudgedSignature> {
  try {
    const xml = readSignatureXml(file.bytes);
    const pool = readPool([...xml.certificates, ...file.certificates]);
    const signer = findSigner(xml, pool);
    const object = coveredObject(xml);
    const coverage = await judgeParts(opc, referencesIn(object), context.budget);
    const trust = signer && judge(xml, signer, { pool, context });
    const problem =
      valueProblem(xml, signer) ??
      coverage.problems.find(({ outcome }) => outcome === "fail") ??
      uncovered(coverage.covered) ??
      coverage.problems[0] ??
      trust?.problem ??
      brokenTimestamp(trust?.value);
    return write({ file, xml, signer, coverage, trust: trust?.value, problem }, position);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable("opc", position, problem);
    return { report, findings: problemFinding(report, problem), covered: new Set() };
  }
}

function judge(
  xml: SignatureXml,
  signer: Certificate,
  { pool, context }: { pool: readonly Certificate[]; context: VerifyContext },
) {
  return guardReading(() => {
    const timestamps = verifyTokens(xml.tokens, xml.value, { pool, trust: context.trust });
    return judgeSigner({ signer, pool, timestamps }, context);
  });
}

/** Which of the certificates it is, nothing says: that whose key made the value, or else the first. */
function findSigner(xml: SignatureXml, pool: readonly Certificate[]): Certificate | undefined {
  const candidates = pool
    .filter((one) => one.basicConstraints?.isAuthority !== true)
    .slice(0, MAX_CANDIDATES);
  return candidates.find((one) => valueProblem(xml, one) === undefined) ?? candidates[0] ?? pool[0];
}

const MAX_CANDIDATES = 8;

function readPool(certificates: readonly Buffer[]): readonly Certificate[] {
  return certificates.map((der) => readCertificate(der));
}

/** The signature's value over what it lists, and each thing of its own that it lists. */
function valueProblem(xml: SignatureXml, signer: Certificate | undefined): Problem | undefined {
  if (signer === undefined)
    return { outcome: "fail", because: "the signer's certificate is not in the signature" };
  if (!isCanonical(xml.canonicalisation, xml.commentCount))
    return { outcome: "unknown", because: `the canonical form ${xml.canonicalisation} is not known here` };
  const verified = guardReading(() =>
    verifyValue(xml.signatureMethod, {
      data: canonicalXml(xml.signedInfo),
      value: xml.value,
      publicKeyInfo: signer.publicKeyInfo,
    }),
  );
  if (verified.problem !== undefined) return verified.problem;
  if (verified.value) return undefined;
  return { outcome: "fail", because: "the signature value does not match what it should cover" };
}

/** The one object whose digest is signed and that lists parts. Only what was digested is read. */
function coveredObject(xml: SignatureXml): Placed {
  const covered: Placed[] = [];
  if (xml.references.length > MAX_REFERENCES)
    throw new ArtifactError("artifact.over-limit", "opc: the signature is over too many things");
  const places = placesById(xml);
  const seen = new Set<Placed>();
  for (const reference of xml.references) {
    const { uri } = reference;
    const place = uri.startsWith("#") ? places.get(uri.slice(1)) : undefined;
    if (place === undefined)
      throw new ArtifactError(
        "artifact.unsupported",
        `opc: ${uri.slice(0, 100)} is not in the signature's objects`,
      );
    if (seen.has(place))
      throw new ArtifactError("artifact.malformed", `opc: the signature is over ${uri.slice(0, 100)} twice`);
    seen.add(place);
    const [transform, ...more] = reference.transforms;
    const isKnown =
      more.length === 0 && (transform === undefined || isCanonical(algorithmOf(transform), xml.commentCount));
    if (!isKnown) throw new ArtifactError("artifact.unsupported", "opc: a transform that is not known here");
    const digest = createHash(digestOf(reference.digestMethod)).update(canonicalXml(place)).digest();
    if (!digest.equals(reference.digest))
      throw new ArtifactError(
        "artifact.malformed",
        `opc: ${reference.uri.slice(0, 100)} is not what was signed`,
      );
    covered.push(place);
  }
  const isList = ({ element }: Placed) =>
    element.name === "Object" && elementsOf(element, "Manifest").length > 0;
  const [object, ...others] = covered.filter(isList);
  if (object === undefined || others.length > 0)
    throw new ArtifactError("artifact.malformed", "opc: the signature has not one signed list of parts");
  return object;
}

/** What stands in the objects of the signature, and the objects themselves, by their Ids. */
function placesById(xml: SignatureXml): ReadonlyMap<string, Placed> {
  const places = new Map<string, Placed>();
  const queue = [...xml.objects.values()];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const place = next;
    const id = place.element.attributes.get("Id");
    if (id !== undefined && id !== "") places.set(id, place);
    for (const child of elementsOf(place.element)) queue.push(placeChild(place, child));
  }
  return places;
}

const referencesIn = ({ element }: Placed) =>
  elementsOf(element, "Manifest")
    .filter(({ namespace }) => namespace === DSIG)
    .flatMap((manifest) => elementsOf(manifest, "Reference"))
    .map(readReference);

interface Judged {
  readonly file: SignatureFile;
  readonly xml: SignatureXml;
  readonly signer: Certificate | undefined;
  readonly coverage: Coverage;
  readonly trust: Trust | undefined;
  readonly problem: Problem | undefined;
}

function write({ file, xml, signer, coverage, trust, problem }: Judged, position: number): JudgedSignature {
  const own = xml.references.map(({ digestMethod }) => digestOf(digestMethod));
  const digests: DigestName[] = [methodDigest(xml.signatureMethod), ...own, ...coverage.digests];
  const report = reportSignature({
    scheme: "opc",
    position,
    signer,
    trust,
    problem,
    digestAlgorithm: digests.toSorted((a, b) => STRENGTH.indexOf(a) - STRENGTH.indexOf(b))[0] ?? "unknown",
    facts: { signaturePart: file.name, parts: coverage.covered.size, signatureBytes: file.bytes.length },
  });
  return {
    report,
    covered: coverage.covered,
    findings: [
      ...problemFinding(report, problem),
      ...findLoose(file.bytes, xml, {
        position,
        trust,
        parts: coverage.covered.size,
        certificates: file.certificates,
      }),
      ...findWeakDigest(position, digests, trust),
    ],
  };
}

const STRENGTH: readonly DigestName[] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
