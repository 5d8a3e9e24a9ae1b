/**
 * Authenticode: who signed this program, installer or cabinet, and does the signature cover every byte of it?
 * Sources: Microsoft, Windows Authenticode Portable Executable Signature Format; RFC 2315, RFC 5652, RFC 3161.
 * @module
 */

import { ArtifactError, type ByteSource } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { outcomeOf } from "../../code-signing/reading.ts";
import type { SignatureScheme, Verification, VerifyContext } from "../scheme.ts";
import { CARRIERS, type Carrier } from "./carriers.ts";
import { type Judged, judgeBroken, judgeSignature } from "./judgement.ts";
import { readSignatures } from "./signature.ts";
import { findUnvouched } from "./unvouched.ts";
import { findWeakDigests } from "./weak-digest.ts";

export const authenticode: SignatureScheme = {
  id: "authenticode",
  question: "Who signed this file, and does the signature cover every byte of it?",
  document: "Microsoft, Windows Authenticode Portable Executable Signature Format",
  formats: Object.keys(CARRIERS),
  verify,
};

async function verify(source: ByteSource, context: VerifyContext): Promise<Verification> {
  const open = CARRIERS[context.format];
  if (open === undefined) return { signatures: [], findings: [] };
  let carrier: Carrier | undefined;
  try {
    carrier = await open(source, context);
    return await verifyCarrier(carrier, context);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    // No signature was found yet in a file too damaged to look for one: then nothing contradicts one either.
    const [outcome, because] =
      carrier === undefined
        ? (["unknown", `whether it is signed cannot be told: ${error.message}`] as const)
        : [outcomeOf(error), `the signature cannot be verified: ${error.message}`];
    return { signatures: [], findings: [{ check: "integrity", outcome, because, facts: {} }] };
  }
}

async function verifyCarrier(carrier: Carrier, context: VerifyContext): Promise<Verification> {
  const { signatures, broken } = readSignatures(carrier.blobs);
  const findings = [...carrier.findings];
  const reports = [];
  for (const one of broken) {
    const { report, findings: found } = judgeBroken(one);
    reports.push(report);
    findings.push(...found);
  }
  const judged: Judged[] = [];
  if (signatures.length > 0) {
    const names = signatures.flatMap(({ indirect }) => indirect.digestName ?? []);
    const file = await carrier.digest(new Set<DigestName>(names));
    for (const signature of signatures) judged.push(await judgeSignature(signature, file, context));
  }
  reports.push(...judged.map(({ report }) => report));
  findings.push(
    ...judged.flatMap((one) => one.findings),
    ...findUnvouched(judged),
    ...findWeakDigests(judged),
  );
  return { signatures: reports.toSorted((a, b) => a.position - b.position), findings };
}
