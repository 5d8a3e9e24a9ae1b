/**
 * Whether who makes a statement about a file thereby answers for it. A scanner's findings are signed as well, and say
 * nothing of the kind; a verdict may be that the file did not pass.
 * Sources: in-toto attestation framework, predicates (vulns, test-result); SLSA, verification summary; cosign, vuln;
 * OpenVEX.
 * @module
 */

import { member } from "../../json/read-json.ts";
import type { Statement } from "./statement.ts";

/** What is known against a file, or asked about it. */
const REPORTS =
  /^https:\/\/(?:in-toto\.io\/attestation\/vulns|cosign\.sigstore\.dev\/attestation\/vuln|openvex\.dev\/ns)(?:\/|$)/;
/** Verdicts, and where they stand. */
const VERDICTS: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/slsa\.dev\/verification_summary(?:\/|$)/, "verificationResult"],
  [/^https:\/\/in-toto\.io\/attestation\/test-result(?:\/|$)/, "result"],
];

/** @returns why its signer does not answer for the file; undefined when nothing says so */
export function objectToApproval({ predicateType, predicate }: Statement): string | undefined {
  if (REPORTS.test(predicateType)) return "it reports on the file, and does not answer for it";
  const place = VERDICTS.find(([pattern]) => pattern.test(predicateType))?.[1];
  return place === undefined || member(predicate, place) === "PASSED"
    ? undefined
    : "it does not say that the file passed";
}
