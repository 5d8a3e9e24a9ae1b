/** What the headers of an executable say of its layout and the file does not hold. @module */

import type { Finding } from "../finding.ts";

/** More than this and one sentence says it for all. */
export const MAX_LAYOUT_FINDINGS = 8;

/** Two readers see two contents, or bytes stand where no reader looks. */
export const lie = (because: string, facts: Finding["facts"]): Finding => ({
  check: "structure",
  outcome: "fail",
  because,
  facts,
});

/** Readers agree on what they see, and nobody can tell what was meant: honest builders slip like this. */
export const doubt = (because: string, facts: Finding["facts"]): Finding => ({
  ...lie(because, facts),
  outcome: "unknown",
});

/** What the headers speak of is not there. Nobody can run such a file, and nobody has seen all of it. */
export const cutShort = (because: string, facts: Finding["facts"]): Finding => ({
  check: "opened",
  outcome: "unknown",
  because: `it is cut short: ${because}`,
  facts: { code: "artifact.truncated", limit: "", ...facts },
});

/** The first of them, lies before what is merely missing, so that many of one kind do not crowd out the other. */
export const worstLayoutFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [true, false]
    .flatMap((fails) => findings.filter(({ outcome }) => (outcome === "fail") === fails))
    .slice(0, MAX_LAYOUT_FINDINGS);
