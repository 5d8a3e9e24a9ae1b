/**
 * Signed JARs, and Android packages signed the same way: a manifest with a digest of every member, and signers who
 * each vouch for the manifest.
 * Source: JAR File Specification, "Signed JAR File".
 * @module
 */

import { createHash } from "node:crypto";
import { ArtifactError, type ByteSource } from "@sallyport/core";
import { findOutsideMembers } from "../../code-signing/outside-members.ts";
import { findUnvouchedBytes } from "../../code-signing/unvouched.ts";
import { integrityFinding, NO_SIGNATURE, verifyInZip } from "../../code-signing/zip-package.ts";
import type { Finding } from "../../finding.ts";
import { ZIP_FORMATS } from "../../formats/zip/flavour.ts";
import type { ZipLookup } from "../../formats/zip/lookup.ts";
import { readSigningBlock } from "../../formats/zip/signing-block.ts";
import { readBlockSigners } from "../apk/signer.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { readManifest } from "./manifest.ts";
import { judgeMembers, type MembersJudgement } from "./members.ts";
import {
  type AndroidSigning,
  findFatLists,
  type JudgedPair,
  judgePair,
  MAX_LIST_BYTES,
} from "./signature.ts";
import { findSignatureFiles, type SignatureFiles } from "./signature-files.ts";

export const jar: SignatureScheme = {
  id: "jar",
  question: "Who signed this JAR, and does each signature cover every member?",
  document: "JAR File Specification, Signed JAR File",
  formats: ZIP_FORMATS,
  verify: (source, context) =>
    verifyInZip(source, context, {
      scheme: "jar",
      own: ["jar", "apk"],
      verify: (zip) => verify(source, zip, context),
    }),
};

/** Nobody lets more people sign; each costs a reading of the whole list. */
const MAX_SIGNATURES = 32;

async function verify(source: ByteSource, zip: ZipLookup, context: VerifyContext): Promise<Verification> {
  const files = findSignatureFiles(zip.entries);
  // Parts of signatures that were taken out elsewhere lie about in archives put together from others.
  if (files.pairs.length === 0) return NO_SIGNATURE;
  const findings = files.loose.map(looseFinding);
  if (files.pairs.length > MAX_SIGNATURES)
    throw new ArtifactError("artifact.over-limit", `jar: more than ${MAX_SIGNATURES} signatures`);
  if (files.pairs.reduce((sum, { file }) => sum + file.sizeBytes, 0) > MAX_LIST_BYTES)
    throw new ArtifactError("artifact.over-limit", "jar: its signature files are larger than is read here");
  if (files.manifest === undefined)
    throw new ArtifactError("artifact.malformed", "jar: it is signed and has no manifest");
  const { budget } = context;
  const manifest = readManifest(await zip.read(files.manifest, MAX_LIST_BYTES), files.manifest.name, budget);
  const members = await judgeMembers(zip, files.isPart, { manifest, budget });
  const content = { zip, manifest, members, budget, android: await androidSigning(source, zip) };
  const judged: JudgedPair[] = [];
  for (const [position, pair] of files.pairs.entries())
    judged.push(await judgePair(pair, position, { content, context }));
  return {
    signatures: judged.map(({ report }) => report),
    findings: [
      ...findings,
      ...judged.flatMap((one) => one.findings),
      ...findFatLists(judged, manifest),
      ...findUnvouchedBytes(judged.flatMap(({ vouched }) => vouched ?? [])),
      ...memberFindings(members),
      ...(await findOutsideMembers(source, zip, { budget, isAndroids: true })),
    ],
  };
}

/** What signed the whole file as well, in the signing block of an Android package. */
async function androidSigning(source: ByteSource, zip: ZipLookup): Promise<AndroidSigning> {
  const block = await readSigningBlock(source, zip.end.directoryOffset);
  const signers = block === undefined ? [] : await readBlockSigners(source, block);
  const sha256 = (der: Buffer) => createHash("sha256").update(der).digest("hex");
  return {
    schemes: new Set(signers.map(({ scheme }) => scheme)),
    signers: new Set(signers.flatMap(({ certificates }) => certificates.slice(0, 1).map(sha256))),
  };
}

/** A list without its signature, a signature without its list, and what only looks like a part of one. */
function looseFinding({ name }: SignatureFiles["loose"][number]): Finding {
  return {
    check: "integrity",
    outcome: "unknown",
    because: "it looks like a part of a signature, the rest of which is not there",
    facts: {},
    member: name,
  };
}

const SHOWN = 20;

/** Each member that is not what was signed, and each that was signed and is not there. */
function memberFindings({ members, missing }: MembersJudgement): Finding[] {
  const bad = [...members].flatMap(([member, { problem }]): Finding[] =>
    problem === undefined ? [] : [{ check: "integrity", ...problem, facts: {}, member }],
  );
  const gone = missing.slice(0, SHOWN).map((name) => name.slice(0, 100));
  if (missing.length === 0) return bad;
  const because = `${missing.length} members that its manifest has digests of are not there: ${gone.join(", ")}`;
  return [...bad, integrityFinding("unknown", because.slice(0, 500))];
}
