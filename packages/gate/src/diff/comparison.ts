/** What comparing two releases found. @module */

import type { Difference } from "../traits/trait.ts";

export interface Comparison {
  /** Whether the two claim to be releases of one product; undefined when neither says what it is. */
  readonly sameProduct: boolean | undefined;
  readonly counts: MemberCounts;
  /** The worst first. Equal sentences about several members are one, with their paths. */
  readonly differences: readonly FoundDifference[];
  /** What could not be compared, and so may hide anything. */
  readonly notCompared: readonly NotCompared[];
}

export interface FoundDifference extends Difference {
  /** Id of the trait that found it. */
  readonly trait: string;
  /** As shown; empty for the artifact itself. Of several, the first. */
  readonly path: string;
  /** What it was called before, where that differs. */
  readonly oldPath?: string;
  /** Of all the members it was found in, when there are several. At most {@link MOST_PATHS}. */
  readonly paths?: readonly string[];
  /** How many members it was found in. */
  readonly memberCount: number;
}

export const MOST_PATHS = 100;

export interface MemberCounts {
  /** In the new release, itself included. */
  readonly members: number;
  readonly unchanged: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
}

export interface NotCompared {
  readonly path: string;
  readonly because: string;
}
