/** What the descent asks of the study thread, and what that answers. Both are one process: nothing is judged here. @module */

import type { Parts } from "../components/finder.ts";
import type { Finding } from "../finding.ts";
import type { RulePack } from "../rules/rule-pack.ts";
import type { SearchDepth } from "../search/member-search.ts";
import type { SearchWish } from "../search/wish.ts";

/** What a run wants observed. */
export interface StudyWish {
  /** Everything that comparing needs; otherwise only what is evidence by itself. */
  readonly isComparing: boolean;
  readonly rulePacks: readonly RulePack[];
  /** What was looked at in another release already, by `lookKey`. */
  readonly known?: readonly string[];
  /** What is searched for in the bytes of every member. */
  readonly search?: SearchWish;
}

export interface ThreadData extends StudyWish {
  readonly maxHeldBytes: number;
}

/** Jobs in one message, in the order in which they are answered. */
export type StudyJobs = readonly StudyJob[];

export interface StudyJob {
  /** Counted up from 0. */
  readonly number: number;
  readonly path: string;
  readonly format: string;
  readonly sizeBytes: number;
  /** Ids of the traits to ask. */
  readonly traits: readonly string[];
  /** Ids of the component finders to ask. */
  readonly finders: readonly string[];
  /** Absent: it is not searched. */
  readonly search?: SearchDepth;
  readonly milliseconds: number;
  /** The bytes, or where they stand in an open file. */
  readonly bytes?: Uint8Array;
  readonly file?: { readonly descriptor: number; readonly offsetBytes: number };
}

export interface StudyAnswer {
  readonly number: number;
  readonly findings: readonly Finding[];
  /** Absent when none were found. */
  readonly parts?: Parts;
  /** An {@link Observations} as JSON; absent when nothing was to be kept. */
  readonly observations?: string;
}

/** What the traits made of one member's bytes. */
export interface Observations {
  /** By trait's id. */
  readonly values: Readonly<Record<string, unknown>>;
  /** By trait's id: why it could not look. */
  readonly problems: Readonly<Record<string, string>>;
}
