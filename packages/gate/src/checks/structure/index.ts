/** Would two readers see the same content? Formats report to it while they read. @module */

import type { Check } from "../check.ts";

export const structure: Check = {
  id: "structure",
  question: "Would two readers see the same content?",
  kind: "content",
  document: "each format's own document",
};
