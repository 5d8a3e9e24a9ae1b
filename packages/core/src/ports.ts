/** What wings see of the foundations. Implementations live in `ledger` and are handed in by the apps. @module */

import type { Decision } from "./decision.ts";
import type { Receipt } from "./receipt.ts";

export interface Ledger {
  /**
   * Appends the decision and returns the proof.
   * @throws WorldError `world.ledger` when the log cannot be extended; nothing is half-written
   */
  record(decision: Decision): Promise<Receipt>;
}
