/** What policies may read of every registered check. @module */

import type { CheckVocabulary } from "@sallyport/core";
import { checks } from "./checks/registry.ts";

export function vocabulary(): readonly CheckVocabulary[] {
  return checks.map(({ id, policyFacts }) => ({ id, facts: policyFacts ?? {} }));
}
