/** What a format, scheme or check saw in one member, before it becomes evidence. @module */

import type { JsonObject, Outcome } from "@sallyport/core";

/**
 * Checks that formats and schemes report to while they read. Their folders under `checks/` hold the question.
 * - `structure`: would two readers see the same content?
 * - `member-names`: does a name try to leave its folder, a link to leave the archive?
 * - `opened`: was everything inside opened?
 * - `certificate-table`: can bytes hide beside or inside the signature?
 * - `weak-digest`: is the signature's digest still worth something?
 * - `integrity`: does each signature cover the bytes it speaks for?
 * - `behaviours`: what can the code inside do?
 * - `rules`: does a rule match that the person brought?
 */
export type FindingCheck =
  | "structure"
  | "member-names"
  | "opened"
  | "certificate-table"
  | "weak-digest"
  | "integrity"
  | "behaviours"
  | "rules";

export interface Finding {
  readonly check: FindingCheck;
  readonly outcome: Outcome;
  /** One sentence a person can act on. The member's path is shown beside it and need not be repeated. */
  readonly because: string;
  /** Units in the keys; `offsetBytes`, `lengthBytes` where there is a place to look at. */
  readonly facts: JsonObject;
  /** Name of a member below the one being read, as the file claims it; absent when it is about the file itself. */
  readonly member?: string;
}

export type Report = (finding: Finding) => void;
