/**
 * Signatures of xar archives, and so of macOS's flat packages: who signed this package, and is every file in it still the
 * one whose checksum was signed? Sources: Apple, xar 1.8, `lib/signature.c`; `productsign(1)`.
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import { type DigestName, digestNamed, isWeakDigest } from "../../cms/algorithm.ts";
import { findHidingPlaces } from "../../code-signing/hiding-places.ts";
import { guardReading, outcomeOf } from "../../code-signing/reading.ts";
import { reportSignature } from "../../code-signing/report.ts";
import { judgeSigner, judgeTrust, type Trust } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { heapEndBytes } from "../../formats/xar/heap.ts";
import { readXarTable, type XarSignature, type XarTable } from "../../formats/xar/table.ts";
import { digestTable } from "../../formats/xar/table-checksum.ts";
import { endsWithTicket } from "../../formats/xar/ticket.ts";
import type { SignatureReport, SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { compareHeap, type HeapVerdict } from "./heap-checksums.ts";
import { type Problem, type ReadSignature, readSignature, type SignedTable } from "./signed-table.ts";

export const xarSignature: SignatureScheme = {
  id: "xar",
  question: "Who signed this package, and is every file in it the one that was signed?",
  document: "Apple, xar 1.8, lib/signature.c",
  formats: ["xar", "pkg"],
  verify,
};

/** Apple's tools write one of each kind. */
const MAX_SIGNATURES = 8;
const STYLES: ReadonlySet<string> = new Set<DigestName>([
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
]);
const isDigestName = (style: string): style is DigestName => STYLES.has(style);

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  let isSigned = false;
  try {
    const table = await readXarTable(source, context.budget);
    isSigned = table.signatures.length > 0;
    return isSigned ? await verifyTable(source, table, context) : { signatures: [], findings: [] };
  } catch (error) {
    if (!(error instanceof ArtifactError) || error.facts.limit !== undefined) throw error;
    const [outcome, because] = isSigned
      ? [outcomeOf(error), `the signature cannot be verified: ${error.message}`]
      : (["unknown", `whether it is signed cannot be told: ${error.message}`] as const);
    return { signatures: [], findings: [{ check: "integrity", outcome, because, facts: {} }] };
  }
}

async function verifyTable(
  source: ByteSource,
  table: XarTable,
  context: VerifyContext,
): Promise<Verification> {
  const style = table.checksum?.style ?? "none";
  const digest = digestTable(table, style);
  if (digest === undefined || !isDigestName(style) || table.signatures.length > MAX_SIGNATURES)
    throw new ArtifactError("artifact.malformed", "xar: it is signed without a checksum, or too often");
  const heap = await compareHeap(source, table, context.budget);
  const stapledTicket = await endsWithTicket(source, heapEndBytes(table));
  const signatures: SignatureReport[] = [];
  const findings: Finding[] = [];
  for (const [position, signature] of table.signatures.entries()) {
    const signed: SignedTable = { style, digest, packed: table.packed };
    const place = { heapOffsetBytes: table.heapOffsetBytes, position, table: signed };
    const judged = await judgeOne(source, { signature, place, heap, stapledTicket }, context);
    signatures.push(judged.report);
    findings.push(...judged.findings);
  }
  return { signatures, findings };
}

async function judgeOne(
  source: ByteSource,
  asked: {
    signature: XarSignature;
    place: { heapOffsetBytes: number; position: number; table: SignedTable };
    heap: HeapVerdict;
    stapledTicket: boolean;
  },
  context: VerifyContext,
): Promise<{ report: SignatureReport; findings: readonly Finding[] }> {
  const { signature, place, heap, stapledTicket } = asked;
  const reading = await tryReading(() => readSignature(source, signature, place));
  const { found } = reading;
  const judged = guardReading(() => (found === undefined ? undefined : judgeFound(found, context)));
  const trust = judged.value;
  const covered: Problem | undefined =
    heap.problem === undefined ? undefined : { outcome: "fail", because: heap.problem };
  const problem = reading.problem ?? found?.problem ?? covered ?? judged.problem ?? brokenTimestamp(trust);
  const facts = { signature: place.position, style: signature.style };
  return {
    report: reportSignature({
      scheme: "xar",
      position: place.position,
      signer: found?.signer,
      trust,
      problem,
      digestAlgorithm: place.table.style,
      digest: place.table.digest,
      facts: { style: signature.style, extended: signature.isExtended, stapledTicket },
    }),
    findings: [
      ...(problem === undefined ? [] : [{ check: "integrity" as const, ...problem, facts }]),
      ...(found?.cms === undefined ? [] : findHidingPlaces(found.cms, trust)),
      ...weakFindings(found, { heap, style: place.table.style, facts }),
    ],
  };
}

async function tryReading(
  read: () => Promise<ReadSignature>,
): Promise<{ found: ReadSignature | undefined; problem: Problem | undefined }> {
  try {
    return { found: await read(), problem: undefined };
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const because = `the signature cannot be read: ${error.message}`;
    return { found: undefined, problem: { outcome: outcomeOf(error), because } };
  }
}

function judgeFound({ signer, pool, cms }: ReadSignature, context: VerifyContext): Trust | undefined {
  if (signer === undefined) return undefined;
  const asked = { ...context, purpose: "apple-package-signing" as const };
  if (cms !== undefined) return judgeTrust({ ...cms, certificates: pool }, signer, asked);
  // A bare RSA signature has no place for a timestamp.
  const timestamps = { timestamps: [], best: undefined, trustedTime: undefined };
  return judgeSigner({ signer, pool, timestamps }, asked);
}

function brokenTimestamp(trust: Trust | undefined): Problem | undefined {
  const broken = trust?.timestamps.timestamps.find(({ outcome }) => outcome === "broken");
  return broken && { outcome: "fail", because: `a timestamp in the signature is broken: ${broken.because}` };
}

/** Table, files and signer each rest on a digest; the weakest counts. */
function weakFindings(
  found: ReadSignature | undefined,
  { heap, style, facts }: { heap: HeapVerdict; style: DigestName; facts: Finding["facts"] },
): Finding[] {
  const signer = found?.cms && digestNamed(found.cms.signerInfo.digestAlgorithm.oid);
  const weak = [style, ...heap.styles, signer].filter(
    (name): name is DigestName => name !== undefined && isDigestName(name) && isWeakDigest(name),
  );
  const worst = weak.includes("md5") ? "md5" : weak[0];
  if (worst === undefined) return [];
  const because = `the signature rests on ${worst.toUpperCase()}`;
  return [{ check: "weak-digest", outcome: "fail", because, facts }];
}
