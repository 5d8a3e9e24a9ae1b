/** What is kept of one member's behaviours. @module */

import type { FileKind } from "../../rules/behaviours/behaviour.ts";

export interface Behaving {
  readonly kind: FileKind;
  /** In the order of the registry. */
  readonly does: readonly Done[];
}

/** One behaviour, and where the rule saw it. */
export interface Done {
  /** Of the behaviour. */
  readonly id: string;
  /** Names of the patterns that were found, sorted; with the rule's name in front. */
  readonly patterns: readonly string[];
  /** Of the first of them, from the start of the member. */
  readonly offsetBytes: number;
  /** Up to 64 bytes there. */
  readonly hex: string;
  /** What was found, as far as it can be read, one line each. */
  readonly text: string;
}
