/**
 * One code signature against its code: every page, every special slot, every CodeDirectory, then the CMS and its path.
 * Ad-hoc signatures, which nobody made, are compared as well, and make no report: such code is unsigned.
 * Source: Apple, TN3126 "Inside Code Signing: Hashes"; xnu, osfmk/kern/cs_blobs.h.
 * @module
 */

import { digestNamed, isWeakDigest } from "../../cms/algorithm.ts";
import { verifySignerInfo } from "../../cms/verify.ts";
import { findHidingPlaces } from "../../code-signing/hiding-places.ts";
import { guardReading } from "../../code-signing/reading.ts";
import { judgeTrust, type Trust } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import { attributeOf } from "../../x509/name.ts";
import type { Verification, VerifyContext } from "../scheme.ts";
import { type CodeSignature, judgeAgility, PLAIN_DATA, readCodeSignature } from "./cms-signature.ts";
import { FLAG } from "./code-directory.ts";
import { writeReport } from "./report.ts";
import { asProblem, compareCode, type Problem, type SealedCode } from "./sealed-code.ts";
import type { SignedCode } from "./signed-code.ts";
import { SLOT } from "./super-blob.ts";

const CMS_MAGIC = 0xfade0b01;
const BLOB_HEADER_BYTES = 8;
const ORGANISATIONAL_UNIT = "2.5.4.11";

/**
 * @param position - of the first report that may come of it
 * @throws {@link ArtifactError} for a signature that cannot be read; the caller says so
 */
export async function judgeCode(
  code: SignedCode,
  position: number,
  context: VerifyContext,
): Promise<Verification> {
  const sealed = await compareCode(code, context);
  const cms = sealed.blobs.find(({ slot }) => slot === SLOT.signature);
  if (cms === undefined || cms.bytes.length <= BLOB_HEADER_BYTES) return judgeAdHoc(sealed);
  const offsetBytes = code.signature.offsetBytes + cms.offsetBytes + BLOB_HEADER_BYTES;
  const reading = guardReading(() => {
    if (cms.magic !== CMS_MAGIC) return undefined;
    return readCodeSignature(cms.bytes.subarray(BLOB_HEADER_BYTES), { position, offsetBytes });
  });
  if (reading.value === undefined)
    return judgeBroken(
      sealed,
      position,
      reading.problem ?? { outcome: "fail", because: "its place holds no CMS" },
    );
  return judgeSigned(sealed, reading.value, context);
}

/** Nobody signed it. Its own hashes still tell whether it is whole. */
function judgeAdHoc({ problem, code }: SealedCode): Verification {
  if (problem === undefined) return { signatures: [], findings: [] };
  const because = `its ad-hoc signature, which nobody made, does not fit it: ${problem.because}`;
  return { signatures: [], findings: [integrity({ ...problem, because }, code)] };
}

function judgeBroken(sealed: SealedCode, position: number, problem: Problem): Verification {
  const because = `the code signature cannot be read: ${problem.because}`;
  const findings = [integrity({ ...problem, because }, sealed.code)];
  return {
    signatures: [writeReport(sealed, { position, problem: { ...problem, because } })],
    findings: [...findings, ...sealed.hidden],
  };
}

function judgeSigned(sealed: SealedCode, cms: CodeSignature, context: VerifyContext): Verification {
  const { code } = sealed;
  const { signer } = cms;
  const judged =
    signer === undefined
      ? { value: undefined, problem: undefined }
      : guardReading(() => judgeTrust(cms, signer, { ...context, purpose: "apple-code-signing" }));
  const trust = judged.value;
  const problem = sealed.problem ?? findProblem(sealed, cms) ?? judged.problem ?? brokenTimestamp(trust);
  return {
    signatures: [writeReport(sealed, { position: cms.position, cms, trust, problem })],
    findings: [
      ...(problem === undefined ? [] : [integrity(problem, code)]),
      ...sealed.hidden,
      ...uncoveredFindings(code),
      ...slackFindings(cms),
      ...findHidingPlaces(cms, trust),
      ...weakFindings(sealed, cms),
    ],
  };
}

function findProblem({ primary, directories }: SealedCode, cms: CodeSignature): Problem | undefined {
  const { signer, signerInfo } = cms;
  if ((primary.flags & FLAG.adHoc) !== 0)
    return { outcome: "fail", because: "it calls itself ad-hoc, and carries somebody's signature" };
  if (signer === undefined)
    return { outcome: "fail", because: "the signer's certificate is not in the signature" };
  const verified = guardReading(() =>
    verifySignerInfo(signerInfo, {
      contentOctets: primary.bytes,
      contentType: PLAIN_DATA,
      certificate: signer,
    }),
  );
  if (verified.problem !== undefined) return verified.problem;
  if (!verified.value.valid) return { outcome: verified.value.outcome, because: verified.value.because };
  const agility = guardReading(() => judgeAgility(signerInfo, directories));
  if (agility.problem !== undefined) return agility.problem;
  if (agility.value !== undefined) return { outcome: "fail", because: agility.value };
  const team = attributeOf(signer.subjectName, ORGANISATIONAL_UNIT);
  if (primary.teamIdentifier !== undefined && team !== undefined && team !== primary.teamIdentifier)
    return { outcome: "fail", because: "it names another team than its signer's certificate" };
  return undefined;
}

function brokenTimestamp(trust: Trust | undefined): Problem | undefined {
  const broken = trust?.timestamps.timestamps.find(({ outcome }) => outcome === "broken");
  return asProblem(broken && `a timestamp in the signature is broken: ${broken.because}`);
}

const uncoveredFindings = (code: SignedCode): Finding[] =>
  code.uncovered.map(({ because, offsetBytes }) => ({
    check: "certificate-table",
    outcome: "fail",
    because,
    facts: { offsetBytes },
  }));

function slackFindings({ slackBytes, entryOffsetBytes, signedData }: CodeSignature): Finding[] {
  if (slackBytes === 0) return [];
  const facts = { offsetBytes: entryOffsetBytes + signedData.raw.length, lengthBytes: slackBytes };
  return [
    {
      check: "certificate-table",
      outcome: "fail",
      because: "bytes are hidden behind the CMS, inside its blob",
      facts,
    },
  ];
}

/** The pages rest on the best digest, what names them on the signer's. */
function weakFindings({ best }: SealedCode, { signerInfo, position }: CodeSignature): Finding[] {
  const signed = digestNamed(signerInfo.digestAlgorithm.oid);
  const weak = [best.digest, signed].find((name) => name !== undefined && isWeakDigest(name));
  if (weak === undefined) return [];
  const because = `the code signature rests on ${weak.toUpperCase()} alone`;
  return [{ check: "weak-digest", outcome: "fail", because, facts: { signature: position } }];
}

const integrity = ({ outcome, because, facts }: Problem, code: SignedCode): Finding => ({
  check: "integrity",
  outcome,
  because,
  facts: { ...(code.slice === undefined ? {} : { slice: code.slice }), ...facts },
});
