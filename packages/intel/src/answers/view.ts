/** The facts as they stood at one time: what all answers to one artifact are made from. @module */

import type { BulkDatabase } from "@sallyport/store";
import type { PlacedSnapshot } from "../store.ts";

export interface View {
  /** Stands still. */
  readonly database: BulkDatabase;
  readonly snapshots: readonly PlacedSnapshot[];
}
