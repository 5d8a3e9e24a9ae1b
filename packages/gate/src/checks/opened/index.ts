/** Was everything inside opened? What was not is unknown, and unknown holds. @module */

import type { Check } from "../check.ts";

export const opened: Check = {
  id: "opened",
  question: "Was everything inside opened and read to its end?",
  kind: "content",
  document: "docs: what Sallyport opens",
  policyFacts: { code: "String", limit: "String" },
};
