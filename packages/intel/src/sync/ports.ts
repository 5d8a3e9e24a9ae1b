/** What syncing needs of its surroundings; the apps hand it in, tests hand in their own. @module */

import type { Clock } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import type { IntelBase } from "../intel.ts";
import type { Download, IntelSource, SkippedRow } from "../source.ts";

/** A file of a source on this machine. */
export interface FileAtPath {
  readonly name: string;
  readonly path: string;
}

/** What a source says in its files, as it is read. */
export interface Reading {
  /** The data's own date, ISO 8601. */
  readonly asOf?: string;
  /** Can be gone through once; whoever stops before the end ends the reading. */
  readonly facts: AsyncIterable<Fact>;
}

/** Reads hostile files, in a process of its own where there is one. */
export interface Reader {
  /** @throws FeedError, when it starts or while the facts come by */
  read(
    source: IntelSource,
    files: readonly FileAtPath[],
    skip: (problem: SkippedRow) => void,
    tell?: (sentence: string) => void,
  ): Promise<Reading>;
  /** What has to be fetched next. */
  follow(
    source: IntelSource,
    files: readonly FileAtPath[],
    skip?: (problem: SkippedRow) => void,
  ): Promise<readonly Download[]>;
}

export interface Surroundings {
  /** `<home>/intel`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly sources: readonly IntelSource[];
  readonly reader: Reader;
  /** The program's version: what another one read is read again. Absent: never for that. */
  readonly version?: string;
  /** Where snapshots are stored. */
  readonly base: Pick<IntelBase, "load" | "snapshots" | "touch" | "remove">;
}
