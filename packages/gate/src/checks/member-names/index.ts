/** Does a name try to leave its folder, or a link the archive? Source: CWE-22, CWE-59. @module */

import type { Check } from "../check.ts";

export const memberNames: Check = {
  id: "member-names",
  question: "Does every name inside stay inside?",
  kind: "content",
  document: "CWE-22, CWE-59",
  policyFacts: { escapes: "Bool" },
};
