/** What the reading process is asked, as one line of JSON on its standard input. @module */

import type { Limits } from "@sallyport/core";

/** - `read`: the data's own date, then every fact. - `follow`: what has to be fetched next. */
export type Ask = "read" | "follow";

export interface ReadingRequest {
  readonly ask: Ask;
  /** The source's id. */
  readonly source: string;
  /** Names of the files, open for reading as {@link FIRST_FILE_DESCRIPTOR} and up. */
  readonly files: readonly string[];
  readonly limits: Limits;
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly scratchFolder: string;
  /** PEM. */
  readonly trustedKeys: readonly string[];
}

export const FIRST_FILE_DESCRIPTOR = 3;
