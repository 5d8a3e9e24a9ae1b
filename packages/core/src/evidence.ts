/** What we saw. It says what was seen, not what to do. @module */

import type { JsonObject } from "./json.ts";

/** `unknown` is never `pass`: what could not be opened, parsed or finished is unknown. */
export type Outcome = "pass" | "fail" | "unknown";

/** `content` depends on the bytes and the check's version only, `world` on time or knowledge from outside. */
export type EvidenceKind = "content" | "world";

export interface Evidence {
  /** Who saw it: `gate/checks/certificate-table`. The last part is the check's id. */
  readonly source: string;
  readonly kind: EvidenceKind;
  readonly outcome: Outcome;
  /** Member the evidence is about, as shown; absent when it is about the subject itself. Never a disk path. */
  readonly path?: string;
  /** One sentence a person can act on. */
  readonly because: string;
  /** Units in the keys: `sizeBytes`, `validUntil`. */
  readonly facts: JsonObject;
}

/** A check that gave no evidence, and why: not configured, or a network that is not there. */
export interface NotChecked {
  readonly source: string;
  readonly because: string;
}

/** The check's id: the last part of an evidence's source. */
export const checkIdOf = (source: string): string => source.slice(source.lastIndexOf("/") + 1);

const SEVERITY: Record<Outcome, number> = { pass: 0, unknown: 1, fail: 2 };

/** The worse of two outcomes: fail, then unknown, then pass. */
export const worseOutcome = (a: Outcome, b: Outcome): Outcome => (SEVERITY[a] >= SEVERITY[b] ? a : b);
