/**
 * A person who gives a key, or names an identity, expects the artifact's signature to be by it. A signature of somebody
 * else may be as valid as it likes: what they asked has not been answered.
 * @module
 */

import type { Brought } from "../brought.ts";
import type { Finding } from "../finding.ts";
import type { SignatureReport } from "../signatures/scheme.ts";

/** @returns what was expected of the artifact's signatures and is true of none of them */
export function unmetExpectations(
  brought: Brought,
  signatures: readonly SignatureReport[],
): readonly Finding[] {
  const isMet = (flag: string): boolean =>
    signatures.some(({ namedBy }) => namedBy?.startsWith(flag) === true);
  const findings: Finding[] = [];
  if (brought.keys.length > 0 && !isMet("--key"))
    findings.push(unmet("no signature here is by a key that was given with --key", "--key"));
  if (brought.identity !== undefined && !isMet("--identity"))
    findings.push(
      unmet("no signature here is by the identity that --identity and --issuer name", "--identity"),
    );
  return findings;
}

const unmet = (because: string, flag: string): Finding => ({
  check: "integrity",
  outcome: "unknown",
  because,
  facts: { flag },
});
