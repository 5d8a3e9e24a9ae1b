/**
 * One signature against the bytes of its file: the digest, the signer's signature, the path.
 * Source: Microsoft, Windows Authenticode Portable Executable Signature Format.
 * @module
 */

import { createHash } from "node:crypto";
import type { JsonObject } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { verifySignerInfo } from "../../cms/verify.ts";
import { countSpareBytes, findHidingPlaces } from "../../code-signing/hiding-places.ts";
import { guardReading } from "../../code-signing/reading.ts";
import { judgeTrust, type Trust } from "../../code-signing/trust.ts";
import type { Finding } from "../../finding.ts";
import type { SignatureReport, VerifyContext } from "../scheme.ts";
import { isOfSubject } from "./indirect-data.ts";
import type { BrokenSignature, Signature } from "./signature.ts";
import { readStatements } from "./statements.ts";

export interface Judged {
  readonly signature: Signature;
  readonly report: SignatureReport;
  readonly trust: Trust | undefined;
  readonly findings: readonly Finding[];
}

/** The file, as far as a signature has to be compared with it. */
export interface SignedFile {
  /** SPC object identifier of what may be signed here. */
  readonly subjectType: string;
  readonly digests: ReadonlyMap<DigestName, Buffer>;
  /** Where the signature itself says how its file is hashed; the others' are in {@link digests}. */
  digestFor?(signature: Signature): Buffer | undefined;
  /** Why the digest may differ without anybody having changed what the file says: then nothing is proven, nor broken. */
  explainChange?(signature: Signature): string | undefined;
  /** Programs that hash files like this one; absent where the subject type says it all. */
  readonly sipClasses?: ReadonlySet<string>;
  /** Programs that certainly do not, where signers write various classes. */
  readonly foreignClasses?: ReadonlySet<string>;
  readonly facts: JsonObject;
  /** What the file stores about itself beside the signature and gets wrong; then no signature in it holds. */
  readonly contradiction?: string;
  /** What is wrong with the page hashes; absent where the format has none. */
  verifyPageHashes?(signature: Signature): Promise<string | undefined>;
}

interface Problem {
  readonly outcome: "fail" | "unknown";
  readonly because: string;
  readonly facts?: JsonObject;
}

/** Judges one signature that could be read. Only spent limits are thrown. */
export async function judgeSignature(
  signature: Signature,
  file: SignedFile,
  context: VerifyContext,
): Promise<Judged> {
  const problem = (await findProblem(signature, file)) ?? undefined;
  const { signer } = signature;
  const judged =
    signer === undefined
      ? { value: undefined, problem: undefined }
      : guardReading(() => judgeTrust(signature, signer, context));
  const trust = judged.value;
  const timestampProblem = trust === undefined ? judged.problem : brokenTimestamp(trust);
  const worst = worseProblem(problem, timestampProblem);
  return {
    signature,
    trust,
    report: writeReport(signature, file, trust, worst),
    findings: [
      ...(worst === undefined ? [] : [integrityFinding(worst, signature)]),
      ...findHidingPlaces(signature, trust),
    ],
  };
}

/** C1 to C5: undefined when the signature covers this file. */
async function findProblem(signature: Signature, file: SignedFile): Promise<Problem | undefined> {
  const { indirect, signerInfo, signer } = signature;
  const { sipClass = "" } = indirect;
  const isOther = file.sipClasses?.has(sipClass) === false || file.foreignClasses?.has(sipClass) === true;
  if (!isOfSubject(indirect, file.subjectType) || isOther)
    return {
      outcome: "fail",
      because: "the signature was made for another kind of file",
      facts: { subjectType: indirect.subjectType, ...(isOther && { sipClass }) },
    };
  if (indirect.digestName === undefined)
    return {
      outcome: "unknown",
      because: `the file's digest is of a kind not known here: ${indirect.digestOid}`,
    };
  // A list names files by digests of its own, and is signed as a whole.
  if (signerInfo.digestAlgorithm.oid !== indirect.digestOid && indirect.listBytes === undefined)
    return { outcome: "fail", because: "the file's digest and the signature's are of different kinds" };
  const digest = digestOf(file, signature);
  if (digest === undefined || !digest.equals(indirect.digest)) {
    const explained = file.explainChange?.(signature);
    return {
      outcome: explained === undefined ? "fail" : "unknown",
      because: explained ?? "the file was changed after it was signed: its digest is not the signed one",
      facts: {
        signedDigest: indirect.digest.toString("hex").slice(0, 128),
        digest: digest?.toString("hex") ?? "",
      },
    };
  }
  if (file.contradiction !== undefined) return { outcome: "fail", because: file.contradiction };
  const pages = indirect.pageHashes === undefined ? undefined : await file.verifyPageHashes?.(signature);
  if (pages !== undefined) return { outcome: "fail", because: `the page hashes are wrong: ${pages}` };
  if (signer === undefined)
    return { outcome: "fail", because: "the signer's certificate is not in the signature" };
  const { contentOctets, signedData } = signature;
  const request = { contentOctets, contentType: signedData.contentType, certificate: signer };
  const verified = guardReading(() => verifySignerInfo(signerInfo, request));
  if (verified.problem !== undefined) return verified.problem;
  return verified.value.valid
    ? undefined
    : { outcome: verified.value.outcome, because: verified.value.because };
}

function digestOf(file: SignedFile, signature: Signature): Buffer | undefined {
  const { digestName } = signature.indirect;
  if (digestName === undefined) return undefined;
  return file.digestFor === undefined ? file.digests.get(digestName) : file.digestFor(signature);
}

/** A timestamp that belongs to another signature was put there by somebody. */
function brokenTimestamp(trust: Trust): Problem | undefined {
  const broken = trust.timestamps.timestamps.find((timestamp) => timestamp.outcome === "broken");
  return broken === undefined
    ? undefined
    : { outcome: "fail", because: `a timestamp in the signature is broken: ${broken.because}` };
}

const worseProblem = (a: Problem | undefined, b: Problem | undefined): Problem | undefined =>
  b === undefined || a?.outcome === "fail" ? a : b.outcome === "fail" || a === undefined ? b : a;

function writeReport(
  signature: Signature,
  file: SignedFile,
  trust: Trust | undefined,
  problem: Problem | undefined,
): SignatureReport {
  const { indirect, signer } = signature;
  const digest = digestOf(file, signature);
  const path = trust?.path;
  const best = trust?.timestamps.best;
  const at = best?.at;
  return {
    scheme: "authenticode",
    integrity: problem?.outcome ?? "pass",
    trust: problem === undefined && trust !== undefined ? trust.trust : "broken",
    because: problem?.because ?? trust?.because ?? "",
    signer: signer?.summary,
    chain: (path?.chain ?? []).map((certificate) => certificate.summary),
    ...(path?.outcome === "anchored" ? { anchorId: path.anchor.id } : {}),
    digestAlgorithm: indirect.digestName ?? indirect.digestOid,
    ...(digest === undefined ? {} : { digest: digest.toString("hex") }),
    ...(best === undefined || at === undefined
      ? {}
      : {
          timestamp: {
            kind: best.kind,
            at: at.toISOString(),
            verified: best.outcome === "verified",
            authority: best.authority?.summary.commonName,
          },
        }),
    position: signature.position,
    facts: {
      ...file.facts,
      ...readStatements(signature.signerInfo),
      nested: signature.isNested,
      signatureBytes: signature.signedData.raw.length,
      spareBytes: countSpareBytes(signature, trust),
      // The value itself: equal in two files, they were not signed one after the other, but copied.
      valueSha256: createHash("sha256").update(signature.signerInfo.signature).digest("hex"),
      pageHashes: indirect.pageHashes?.digestName ?? "none",
      ...(path?.outcome === "anchored"
        ? { pathOverSha1: path.weakDigest, revocationChecked: path.revocationChecked }
        : {}),
    },
  };
}

function integrityFinding(problem: Problem, signature: Signature): Finding {
  const facts = { signature: signature.position, offsetBytes: signature.entryOffsetBytes, ...problem.facts };
  return { check: "integrity", outcome: problem.outcome, because: problem.because, facts };
}

/** A signature that cannot be read protects nothing, and its bytes cannot be accounted for. */
export function judgeBroken(broken: BrokenSignature): {
  report: SignatureReport;
  findings: readonly Finding[];
} {
  const { position, outcome, because } = broken;
  const facts = { rule: "T8", signature: position, offsetBytes: broken.entryOffsetBytes };
  const sentence = `the signature cannot be read: ${because}`;
  return {
    report: {
      scheme: "authenticode",
      integrity: outcome,
      trust: "broken",
      because: sentence,
      signer: undefined,
      chain: [],
      digestAlgorithm: "unknown",
      position,
      facts: {},
    },
    findings: [
      { check: "integrity", outcome, because: sentence, facts },
      { check: "certificate-table", outcome, because: sentence, facts },
    ],
  };
}
