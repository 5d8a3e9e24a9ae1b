/** The seam for sources of knowledge. One folder and one line in `sources/registry.ts` per source. @module */

import type { Authority, Budget, ByteSource, Topic } from "@sallyport/core";
import type { Fact } from "./fact.ts";

export interface IntelSource {
  /** Stable, kebab-case: `kev`. Its name on the command line, in snapshots and in evidence. */
  readonly id: string;
  /** For people: `CISA Known Exploited Vulnerabilities`. */
  readonly title: string;
  /** What it answers. */
  readonly answers: readonly Topic[];
  /** The document its format follows. */
  readonly document: string;
  /** SPDX expression, or what the publisher says of the use of its data. */
  readonly licence: string;
  readonly authority: Authority;
  /** Older data is stale: said wherever it is used. */
  readonly staleAfterDays: number;
  /**
   * `reject`: one row that cannot be read and nothing of the file counts. `skip`: the others count, and the row is told
   * with its place.
   */
  readonly onBadRow: "reject" | "skip";
  /**
   * A data set of our own that comes with the program: loaded by itself when its digest is new, and read like any other
   * file.
   */
  shipped?(): Promise<readonly SourceFile[]>;
  /** Where it is published; absent for what is only ever brought by `intel import`. */
  readonly downloads?: readonly Download[];
  /** What has to be named before anything can be fetched: `osv=npm`. What was named once is fetched from then on. */
  readonly choice?: Choice;
  /**
   * What has to be fetched once the first files are there: a provider's list names the documents, an index its parts.
   * Asked again with everything fetched so far, until it names nothing new.
   */
  follow?(files: readonly SourceFile[], context: ReadContext): Promise<readonly Download[]>;
  /** Whether a brought file is this source's, told by its first bytes and its name. */
  recognises?(name: string, head: Uint8Array): boolean;
  /**
   * Reads everything. Runs in a process of its own, over hostile bytes, and holds no more than a row of them where the format
   * allows it.
   * @throws {@link FeedError} naming file and line, when nothing of it may count
   */
  read(files: readonly SourceFile[], context: ReadContext): AsyncIterable<Fact>;
  /** The data's own date, ISO 8601: a file with an earlier one than the last is a replay. Absent: it names none. */
  asOf?(files: readonly SourceFile[], context: ReadContext): Promise<string | undefined>;
}

/** A source that is too large, or too many, to be fetched as a whole: the parts of it that somebody wants. */
export interface Choice {
  /** For people: `an ecosystem`, `a provider`. */
  readonly title: string;
  /** One that can be named: `npm`. */
  readonly example: string;
  /**
   * What is fetched first for it.
   * @throws UsageError `usage.value` when it is none
   */
  downloads(chosen: string): readonly Download[];
}

export interface Download {
  /** The file's name among the source's files. */
  readonly name: string;
  readonly url: string;
  readonly maxBytes: number;
  /** Whether its absence is no news: it is looked for under a name that nobody said it has. */
  readonly mayBeAbsent?: boolean;
}

export interface SourceFile {
  /** As the {@link Download} names it, or the name it was brought under. */
  readonly name: string;
  readonly source: ByteSource;
}

export interface ReadContext {
  /** Unpacked bytes, entries and time are spent on it. */
  readonly budget: Budget;
  readonly now: Date;
  /** A private folder, gone afterwards: for what can only be read as a file. */
  readonly scratchFolder: string;
  /** Public keys that somebody here trusts for what is brought, PEM: a sealed file counts under no other. */
  readonly trustedKeys?: readonly string[];
  /** Tells of a row that does not count. */
  readonly skip: (problem: SkippedRow) => void;
  /** Tells what is to be known of what does count: who signed it. One sentence. */
  readonly tell?: (sentence: string) => void;
}

export interface SkippedRow {
  readonly file: string;
  /** Counted from 1, where the format has lines. */
  readonly line?: number;
  /** Which row, where it has a name: `CVE-2024-0001`, `products[3]`. */
  readonly row?: string;
  /** One sentence. */
  readonly because: string;
}
