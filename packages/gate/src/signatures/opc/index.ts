/**
 * Signatures of OPC packages: extensions of Visual Studio (VSIX) and whatever else is packed that way. An XML signature
 * lists parts with their digests.
 * Sources: ECMA-376-2 (Open Packaging Conventions) §10; W3C, XML Signature Syntax and Processing.
 * @module
 */

import { ArtifactError, type Budget, type ByteSource, hasCode } from "@sallyport/core";
import { findOutsideMembers } from "../../code-signing/outside-members.ts";
import type { Problem } from "../../code-signing/report.ts";
import { guardFindings, NO_SIGNATURE, verifyInZip } from "../../code-signing/zip-package.ts";
import type { Finding } from "../../finding.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { findLooseParts } from "./loose-parts.ts";
import { keyOf, type OpcPackage, openOpc, readRelationships, relationshipsName } from "./package.ts";
import { type JudgedSignature, judgeSignature, type SignatureFile } from "./signature.ts";

export const opc: SignatureScheme = {
  id: "opc",
  question: "Who signed this package, and does each signature cover every part?",
  document: "ECMA-376-2, Open Packaging Conventions, digital signatures",
  formats: ZIP_FORMATS,
  verify: (source, context) =>
    verifyInZip(source, context, {
      scheme: "opc",
      own: ["vsix"],
      verify: (zip) => verify(source, zip, context),
    }),
};

const TYPES = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/";
const CERTIFICATE_BYTES = 64 * 1024;
/** All together: canonical XML is slow, and every signature costs it anew. */
const MAX_SIGNATURE_BYTES = 16 * 1024 * 1024;
const MAX_SIGNATURES = 32;

async function verify(source: ByteSource, zip: ZipLookup, context: VerifyContext): Promise<Verification> {
  if (!(await mentionsSignatures(zip))) return NO_SIGNATURE;
  const opened = await openOpc(zip);
  if (opened === undefined) return NO_SIGNATURE;
  const found = await findSignatures(opened, context.budget);
  const loose = looseFindings(opened, found.own);
  if (found.files.length === 0) return { signatures: [], findings: loose };
  const uncovered = (covered: ReadonlySet<string>) => uncoveredProblem(opened, found.own, covered);
  const judged: JudgedSignature[] = [];
  for (const [position, file] of found.files.entries())
    judged.push(await judgeSignature(file, { opc: opened, uncovered }, { position, context }));
  return {
    signatures: judged.map(({ report }) => report),
    findings: [
      ...judged.flatMap(({ findings }) => findings),
      ...loose,
      ...(await guardFindings("certificate-table", () => findLooseParts(opened, context.budget))),
      ...(await findOutsideMembers(source, opened.zip, { budget: context.budget, isAndroids: false })),
    ],
  };
}

/** Many archives are packed this way, few are signed: nothing is asked of the others, however they are made. */
async function mentionsSignatures(zip: ZipLookup): Promise<boolean> {
  if (zip.entries.some(({ name }) => name.toLowerCase().endsWith(".psdsxs"))) return true;
  const relationships = zip.entries.find(({ name }) => keyOf(name) === "/_rels/.rels");
  if (relationships === undefined || relationships.sizeBytes > MAX_SIGNATURE_BYTES) return false;
  try {
    const bytes = await zip.read(relationships, MAX_SIGNATURE_BYTES);
    return bytes.toString("latin1").replaceAll("\0", "").includes("relationships/digital-signature/origin");
  } catch (error) {
    // What is wrong with the member, the archive's own reader says.
    if (hasCode(error, "artifact.malformed", "artifact.unsupported", "artifact.encrypted")) return false;
    throw error;
  }
}

interface Found {
  readonly files: readonly SignatureFile[];
  /** Keys of the parts that signing adds. */
  readonly own: ReadonlySet<string>;
}

/** From the package to the origin, from there to each signature, and on to certificates in parts of their own. */
async function findSignatures(opened: OpcPackage, budget: Budget): Promise<Found> {
  const own = new Set<string>();
  const files: SignatureFile[] = [];
  for (const origin of await readOwn(opened, "/", { type: `${TYPES}origin`, own })) {
    if (own.has(keyOf(origin.target))) continue;
    const part = opened.parts.get(keyOf(origin.target));
    // It is only a place to begin at; content would be covered by nothing.
    if (part !== undefined && part.sizeBytes === 0) own.add(keyOf(origin.target));
    for (const { target } of await readOwn(opened, origin.target, { type: `${TYPES}signature`, own })) {
      budget.checkTime();
      if (files.length >= MAX_SIGNATURES)
        throw new ArtifactError("artifact.over-limit", "opc: there are too many signatures");
      const usedBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
      files.push(await readFile(opened, target, { own, freeBytes: MAX_SIGNATURE_BYTES - usedBytes }));
    }
  }
  return { files, own };
}

/** Relationships of a part that signing added; they lead to nothing else, or they are not exempt. */
async function readOwn(
  opened: OpcPackage,
  source: string,
  { type, own }: { type: string; own: Set<string> },
) {
  const all = await readRelationships(opened, source);
  if (all.length > 0 && all.every((one) => one.type === type && !one.isExternal))
    own.add(keyOf(relationshipsName(source)));
  return all.filter((one) => one.type === type && !one.isExternal);
}

async function readFile(
  opened: OpcPackage,
  name: string,
  { own, freeBytes }: { own: Set<string>; freeBytes: number },
): Promise<SignatureFile> {
  const entry = opened.parts.get(keyOf(name));
  if (entry === undefined)
    throw new ArtifactError("artifact.malformed", `opc: the signature ${name.slice(0, 200)} is not there`);
  own.add(keyOf(name));
  const bytes = await opened.zip.read(entry, freeBytes);
  const certificates: Buffer[] = [];
  for (const { target } of await readOwn(opened, name, { type: `${TYPES}certificate`, own })) {
    const certificate = opened.parts.get(keyOf(target));
    if (certificate === undefined) continue;
    own.add(keyOf(target));
    certificates.push(await opened.zip.read(certificate, CERTIFICATE_BYTES));
  }
  return { name, bytes, certificates };
}

/** An extension is signed whole. Office signs the parts that make the document, and leaves out what describes it. */
function uncoveredProblem(
  opened: OpcPackage,
  own: ReadonlySet<string>,
  covered: ReadonlySet<string>,
): Problem | undefined {
  const bad = [...opened.parts.keys()].filter((key) => !covered.has(key) && !own.has(key));
  const [first] = bad;
  if (first === undefined) return undefined;
  const isWhole = opened.parts.has("/extension.vsixmanifest");
  const more = bad.length === 1 ? "" : `, nor are ${bad.length - 1} more`;
  return {
    outcome: isWhole ? "fail" : "unknown",
    because: `${first.slice(0, 200)} is not among what was signed${more}`,
    facts: { parts: bad.length },
  };
}

function looseFindings(opened: OpcPackage, own: ReadonlySet<string>): Finding[] {
  return [...opened.parts]
    .filter(([key]) => key.endsWith(".psdsxs") && !own.has(key))
    .map(([, { name }]) => ({
      check: "integrity",
      outcome: "unknown",
      because: "it looks like a signature, and nothing leads to it",
      facts: {},
      member: name,
    }));
}
