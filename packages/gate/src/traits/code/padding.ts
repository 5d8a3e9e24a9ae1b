/** The room between the end of a section and the file's alignment: loaded with the section's rights, meant to be empty. @module */

import { pairRegions } from "../executable/comparing.ts";
import type { ExecutablePair } from "../executable/index.ts";
import type { Difference } from "../trait.ts";

/** Fewer bytes do nothing: the shortest jump has two, and linkers round up. */
const LEAST_BYTES = 16;

export function* comparePadding(pair: ExecutablePair): Generator<Difference> {
  for (const [before, after] of pairRegions(pair).pairs) {
    const { padding } = after;
    if (padding === undefined || padding.usedBytes < LEAST_BYTES || !after.access.includes("x")) continue;
    // A linker that leaves something there leaves something there always.
    if (before.padding !== undefined) continue;
    yield {
      rule: "code-in-padding",
      risk: "high",
      because: `has ${padding.usedBytes} bytes in the padding behind its code, where there were none`,
      after: { offsetBytes: padding.offsetBytes, hex: padding.hex },
      facts: { section: after.name, usedBytes: padding.usedBytes },
    };
  }
}
