/**
 * Reads a file part by part: a part that is not as its format promises is named, and the others still stand.
 * @module
 */

import { hasCode } from "@sallyport/core";

export class PartialReading {
  /** In words, what could not be read. */
  readonly unreadable = new Set<string>();

  /** @throws what is no fault of the part, such as a spent budget */
  async attempt<Value>(what: string, read: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      // A limit of the whole budget has a name; a reader's own has none, and ends only that reading.
      const isOwnLimit = hasCode(error, "artifact.over-limit") && error.facts.limit === undefined;
      if (!isOwnLimit && !hasCode(error, "artifact.truncated", "artifact.malformed")) throw error;
      this.unreadable.add(what);
      return otherwise;
    }
  }
}
