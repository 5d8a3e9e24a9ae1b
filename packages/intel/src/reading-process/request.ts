/** What the reading process is asked, as one line of JSON on its standard input. @module */

import type { Limits } from "@sallyport/core";

/** - `read`: the data's own date, then every fact. - `follow`: what has to be fetched next. */
export type Ask = "read" | "follow";

export interface ReadingRequest {
  readonly ask: Ask;
  /** The source's id. */
  readonly source: string;
  readonly files: readonly ReadingFile[];
  readonly limits: Limits;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly scratchFolder: string;
  /** PEM. */
  readonly trustedKeys: readonly string[];
}

export interface ReadingFile {
  readonly name: string;
  /** Counted from {@link FIRST_FILE_DESCRIPTOR}, open for reading. */
  readonly descriptor: number;
  /** Where it stands in a file that holds several. */
  readonly offset?: number;
  readonly sizeBytes?: number;
}

export const FIRST_FILE_DESCRIPTOR = 3;
