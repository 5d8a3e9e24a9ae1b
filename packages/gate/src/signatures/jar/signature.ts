/** One signer's pair of files: the PKCS#7, what it is over, and whether that is everything. @module */

import { ArtifactError, type Budget } from "@sallyport/core";
import { makeDefinite } from "../../asn1/definite.ts";
import { TAG } from "../../asn1/der.ts";
import { expectTag } from "../../asn1/values.ts";
import type { DigestName } from "../../cms/algorithm.ts";
import { type CmsSignature, readCmsSignature } from "../../code-signing/cms-signature.ts";
import { findHidingPlaces } from "../../code-signing/hiding-places.ts";
import { judgeCms } from "../../code-signing/judge-cms.ts";
import { outcomeOf } from "../../code-signing/reading.ts";
import {
  findWeakDigest,
  type Problem,
  problemFinding,
  reportSignature,
  reportUnreadable,
} from "../../code-signing/report.ts";
import type { TrustContext } from "../../code-signing/trust.ts";
import type { Vouched } from "../../code-signing/unvouched.ts";
import type { Finding } from "../../finding.ts";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import type { SignatureReport } from "../scheme.ts";
import { weakestOf } from "./digests.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { MembersJudgement } from "./members.ts";
import { type Coverage, judgeSignatureFile } from "./signature-file.ts";
import type { SignaturePair } from "./signature-files.ts";

const MAX_SPARE_BYTES = 16 * 1024;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
export const MAX_LIST_BYTES = 64 * 1024 * 1024;
const PLAIN_DATA = "1.2.840.113549.1.7.1";

export interface Package {
  readonly zip: ZipLookup;
  readonly manifest: Manifest;
  readonly members: MembersJudgement;
  readonly android: AndroidSigning;
  readonly budget: Budget;
}

/** Signatures of Android's newer schemes in the same file; they are verified by a scheme of their own. */
export interface AndroidSigning {
  /** `2`, `3`. */
  readonly schemes: ReadonlySet<string>;
  /** SHA-256 of their signers' certificates, hex. */
  readonly signers: ReadonlySet<string>;
}

export interface JudgedPair {
  readonly report: SignatureReport;
  readonly findings: readonly Finding[];
  /** Undefined: it could not be read. */
  readonly vouched: Vouched | undefined;
  /** Of the signature file. */
  readonly listBytes: number;
}

export async function judgePair(
  pair: SignaturePair,
  position: number,
  { content, context }: { content: Package; context: TrustContext },
): Promise<JudgedPair> {
  try {
    return await judge(pair, position, { content, context });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable("jar", position, problem);
    const findings = problemFinding(report, undefined);
    return { report, findings, vouched: undefined, listBytes: pair.file.sizeBytes };
  }
}

async function judge(
  { file, block }: SignaturePair,
  position: number,
  { content, context }: { content: Package; context: TrustContext },
): Promise<JudgedPair> {
  const { zip, budget } = content;
  const octets = await zip.read(file, MAX_LIST_BYTES);
  const signature = readBlock(await zip.read(block, MAX_BLOCK_BYTES), position);
  const { trust, problem } = judgeCms(signature, { octets, type: PLAIN_DATA }, context);
  const coverage = judgeSignatureFile(readManifest(octets, file.name, budget), content.manifest);
  const worst =
    problem ??
    contentProblem(signature, octets) ??
    coverageProblem(coverage, content) ??
    strangerProblem(signature, content);
  const digests = digestsOf(signature, coverage, content);
  const report = reportSignature({
    scheme: "jar",
    position,
    signer: signature.signer,
    trust,
    problem: worst,
    digestAlgorithm: weakestOf(digests) ?? "unknown",
    facts: {
      signatureFile: file.name,
      members: coverage.names.size,
      signatureBytes: signature.entryBytes.length,
    },
  });
  return {
    report,
    vouched: { signature, trusts: [trust], besides: [] },
    listBytes: octets.length,
    findings: [
      ...problemFinding(report, worst),
      ...findHidingPlaces(signature, trust),
      ...findWeakDigest(
        position,
        digests.filter((name) => !isOutdone(name, signature, content)),
        trust,
      ),
    ],
  };
}

/** Some signers write the frame with indefinite lengths; whatever is hashed inside is not touched. */
function readBlock(bytes: Buffer, position: number): CmsSignature {
  const { der, sizeBytes } = makeDefinite(bytes);
  if (sizeBytes !== bytes.length)
    throw new ArtifactError("artifact.malformed", "jar: bytes follow the PKCS#7");
  return { ...readCmsSignature(der), position, entryOffsetBytes: 0, entryBytes: der };
}

/** The signature file stands beside the PKCS#7; where it stands inside as well, it is the same. */
function contentProblem({ signedData }: CmsSignature, octets: Buffer): Problem | undefined {
  const { content, contentType } = signedData;
  if (contentType !== PLAIN_DATA) return { outcome: "fail", because: `the signature is over ${contentType}` };
  if (content === undefined || expectTag(content, TAG.octetString, "content").content.equals(octets))
    return undefined;
  return { outcome: "fail", because: "the signature holds another signature file than the one beside it" };
}

/** A list is like the manifest, member by member; anybody can add some of their own, with more in them. */
export function findFatLists(judged: readonly JudgedPair[], manifest: Manifest): Finding[] {
  const allowedBytes = 2 * manifest.raw.length + MAX_SPARE_BYTES;
  const sum = (pairs: readonly JudgedPair[]) => pairs.reduce((bytes, { listBytes }) => bytes + listBytes, 0);
  const isTrusted = ({ vouched }: JudgedPair) => vouched?.trusts[0]?.path.outcome === "anchored";
  return [judged.filter((pair) => !isTrusted(pair)), ...judged.filter(isTrusted).map((pair) => [pair])]
    .filter((pairs) => sum(pairs) > allowedBytes)
    .map((pairs) => ({
      check: "certificate-table",
      outcome: "fail",
      because: `signature files of ${sum(pairs)} bytes are larger than their manifest needs`,
      facts: { signature: pairs[0]?.report.position ?? 0, lengthBytes: sum(pairs), allowedBytes },
    }));
}

/** Every signer must vouch for everything: one who does not would lend a name to what another put in. */
function coverageProblem(coverage: Coverage, { members, android }: Package): Problem | undefined {
  if (coverage.problem !== undefined) return { outcome: "fail", because: coverage.problem };
  const stripped = coverage.androidSchemes.find((scheme) => !android.schemes.has(scheme));
  if (stripped !== undefined)
    return {
      outcome: "fail",
      because: `the signature of Android's scheme ${stripped.slice(0, 20)} was taken out`,
    };
  const bad = [...members.members].filter(
    ([name, { problem }]) => problem !== undefined || !coverage.names.has(name),
  );
  const [first] = bad.toSorted(([, a], [, b]) => rank(a.problem?.outcome) - rank(b.problem?.outcome));
  if (first === undefined) return undefined;
  const [name, { problem }] = first;
  const more = bad.length === 1 ? "" : `, and ${bad.length - 1} more`;
  const because = `${name.slice(0, 200)} ${problem?.because ?? "is not among what was signed"}${more}`;
  return { outcome: problem?.outcome ?? "fail", because, facts: { members: bad.length } };
}

/** Newer versions of Android ask only who signed the whole, and take that one for the signer. */
function strangerProblem({ signer }: CmsSignature, { android }: Package): Problem | undefined {
  if (android.signers.size === 0 || android.signers.has(signer?.sha256 ?? "")) return undefined;
  return { outcome: "fail", because: "newer versions of Android take it to be by another signer" };
}

const rank = (outcome: string | undefined): number => (outcome === "unknown" ? 1 : 0);

/** SHA-1 is for versions of Android that know no other; newer ones take the signer's stronger signature of the whole. */
const isOutdone = (name: DigestName, { signer }: CmsSignature, { android }: Package): boolean =>
  name === "sha1" && signer !== undefined && android.signers.has(signer.sha256);

function digestsOf(signature: CmsSignature, coverage: Coverage, { members }: Package): readonly DigestName[] {
  const compared = [...members.members.values()].flatMap(({ digest }) => digest ?? []);
  return [
    ...new Set([
      ...(signature.signerDigest === undefined ? [] : [signature.signerDigest]),
      ...coverage.digests,
      ...compared,
    ]),
  ];
}
