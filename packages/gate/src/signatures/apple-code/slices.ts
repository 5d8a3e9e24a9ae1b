/**
 * Do all slices of a universal file tell of one signer? Each system runs one slice, and a person sees one signature.
 * Identifiers may differ: signers other than Apple's make one up for each slice.
 * Source: Apple, TN3126; xnu, bsd/kern/mach_loader.c.
 * @module
 */

import type { Finding } from "../../finding.ts";
import type { SignatureReport } from "../scheme.ts";

/** @param unsigned - how many slices nobody signed */
export function judgeSlices(signatures: readonly SignatureReport[], unsigned: number): readonly Finding[] {
  const [first, ...others] = signatures;
  if (first === undefined) return [];
  const findings: Finding[] = [];
  if (unsigned > 0) findings.push(fail("one slice is signed, another is not", { unsigned }));
  if (others.some((other) => other.signer?.sha256 !== first.signer?.sha256))
    findings.push(fail("its slices are signed by different signers", {}));
  return findings;
}

const fail = (because: string, facts: Finding["facts"]): Finding => ({
  check: "integrity",
  outcome: "fail",
  because,
  facts,
});
