/** What stopped the reading of a member, told as a finding. @module */

import { ArtifactError, hasCode, SallyportError } from "@sallyport/core";
import type { Finding } from "../finding.ts";

/** Thrown through all levels once nothing more may be spent. What was seen so far stays. */
export class DescentStopped extends Error {}

/** Limits of the whole descent: once spent, nothing else can be opened either. */
const SHARED_LIMITS: ReadonlySet<unknown> = new Set(["entries", "bytes", "milliseconds"]);

/** Not about the member: the world, or the end of the whole descent. */
export const isBeyondMember = (error: unknown): boolean =>
  error instanceof DescentStopped || (error instanceof SallyportError && !(error instanceof ArtifactError));

export const spendsSharedLimit = (error: unknown): boolean =>
  hasCode(error, "artifact.over-limit") && SHARED_LIMITS.has(error.facts.limit);

/** Whatever the reason, what was not read to its end is unknown, and never a pass. */
export function toFinding(error: unknown): Finding {
  if (error instanceof ArtifactError) {
    const facts = { code: error.code, limit: "", ...error.facts };
    return { check: "opened", outcome: "unknown", because: `not opened: ${error.message}`, facts };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
  return {
    check: "opened",
    outcome: "unknown",
    because: "not opened: the parser failed on it, which is a defect of Sallyport",
    facts: { code: "parser.failed", limit: "", error: text.slice(0, 200) },
  };
}
