/** Schemes whose signature lies inside a zip, beside what it signs: opening, and what stops that. @module */

import { ArtifactError, type Budget, type ByteSource } from "@sallyport/core";
import type { Finding } from "../finding.ts";
import { openZipLookup, type ZipLookup } from "../formats/zip/lookup.ts";
import type { Verification, VerifyContext } from "../signatures/scheme.ts";
import { outcomeOf } from "./reading.ts";
import { problemFinding, reportUnreadable } from "./report.ts";

export const NO_SIGNATURE: Verification = { signatures: [], findings: [] };

/**
 * Opens the archive and lets the scheme look for its signature in it. Bytes that stop it are a finding.
 * @param asked.own - formats that may be signed in this way; in others a damaged archive is none of the scheme's business
 * @param asked.verify - throws about bytes only where there is a signature: it is then one that cannot be read
 */
export async function verifyInZip(
  source: ByteSource,
  context: VerifyContext,
  asked: {
    readonly scheme: string;
    readonly own: readonly string[];
    readonly verify: (zip: ZipLookup) => Promise<Verification>;
  },
): Promise<Verification> {
  let zip: ZipLookup | undefined;
  try {
    zip = await openOnce(source, context);
    return await asked.verify(zip);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    if (zip === undefined) {
      if (!asked.own.includes(context.format)) return NO_SIGNATURE;
      const because = `whether it is signed cannot be told: ${error.message}`;
      return { signatures: [], findings: [integrityFinding("unknown", because)] };
    }
    const problem = { outcome: outcomeOf(error), because: error.message };
    const report = reportUnreadable(asked.scheme, 0, problem);
    return { signatures: [report], findings: problemFinding(report, problem) };
  }
}

interface Opened {
  readonly budget: Budget;
  readonly zip: Promise<ZipLookup>;
}

/** Several schemes look into every archive, one after the other: a large directory is read once. */
const opened = new WeakMap<ByteSource, Opened>();

function openOnce(source: ByteSource, { budget, maxHeldBytes }: VerifyContext): Promise<ZipLookup> {
  const known = opened.get(source);
  if (known?.budget === budget) return known.zip;
  const zip = openZipLookup(source, budget, maxHeldBytes);
  opened.set(source, { budget, zip });
  return zip;
}

/** What stops a part of the judging is a finding: bytes that lie fail, what is too much or not known is unknown. */
export async function guardFindings(
  check: Finding["check"],
  judge: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return [{ check, outcome: outcomeOf(error), because: error.message, facts: {} }];
  }
}

export const integrityFinding = (
  outcome: Finding["outcome"],
  because: string,
  facts: Finding["facts"] = {},
): Finding => ({ check: "integrity", outcome, because, facts });
