/**
 * The seam for parts that a member is made of or describes: one folder and one line in `registry.ts` per finder. A finder
 * runs in the study thread of the parser process, over hostile bytes; what it finds are claims.
 * @module
 */

import type { Budget, ByteSource, Component, Identifier, Observable } from "@sallyport/core";

export interface ComponentFinder {
  /** Stable, kebab-case; stands in each component as `foundBy`. */
  readonly id: string;
  /** What it asks of a member. */
  readonly question: string;
  /** The document it follows. */
  readonly document: string;
  /** Asked about every member before it is read, so it decides by name, format and size alone. */
  wants(candidate: Candidate): boolean;
  /**
   * @returns undefined when nothing is there
   * @throws {@link ArtifactError} when the bytes are not what their name promises: then it is told why nothing is listed
   */
  find(source: ByteSource, context: FindContext): Promise<Parts | undefined>;
}

/** What is known of a member before it is looked at. */
export interface Candidate {
  /** As shown, members of members joined by `/`. */
  readonly path: string;
  /** Refined name: `pe`, `jar`, `data`. */
  readonly format: string;
  readonly sizeBytes: number;
}

export interface FindContext extends Candidate {
  readonly budget: Budget;
  /** Longest piece of memory that may be asked for at once, in bytes. */
  readonly maxHeldBytes: number;
}

/** What was found in one member. */
export interface Parts {
  readonly components: readonly Component[];
  /** Of the member itself. */
  readonly identifiers?: readonly Identifier[];
  /** Why some of what is in it is not listed: one sentence each. */
  readonly unlisted?: readonly string[];
  /** What was searched for and is in its bytes. */
  readonly sightings?: readonly Observable[];
  /** Why it was not searched to its end. */
  readonly unsearched?: string;
}
