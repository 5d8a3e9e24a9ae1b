/**
 * Verifies what a carrier holds: every signature in it against one reading of the file, and all of them together.
 * @module
 */

import { ArtifactError } from "@sallyport/core";
import type { DigestName } from "../../cms/algorithm.ts";
import { outcomeOf } from "../../code-signing/reading.ts";
import type { SignatureReport, Verification, VerifyContext } from "../scheme.ts";
import type { Carrier } from "./carrier.ts";
import { type Judged, judgeBroken, judgeSignature } from "./judgement.ts";
import { readSignatures } from "./signature.ts";
import { findUnvouched } from "./unvouched.ts";
import { findWeakDigests } from "./weak-digest.ts";

/**
 * @param open - finds the signatures, or that there are none; what it throws about the bytes becomes a finding
 * @param scheme - under whose name the signatures are reported
 */
export async function verifyCarried(
  open: () => Promise<Carrier | undefined>,
  context: VerifyContext,
  scheme: string,
): Promise<Verification> {
  let carrier: Carrier | undefined;
  try {
    carrier = await open();
    if (carrier === undefined) return { signatures: [], findings: [] };
    const { signatures, findings } = await verifyCarrier(carrier, context);
    return { signatures: signatures.map((report): SignatureReport => ({ ...report, scheme })), findings };
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
  const { signatures, broken } = readSignatures(carrier.blobs, carrier.content);
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
