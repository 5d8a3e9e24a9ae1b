/** A person's word for exactly these bytes. Policies decide what it overrides. @module */

import type { Check, CheckContext, CheckResult } from "../check.ts";

export const exception: Check = {
  id: "exception",
  question: "Has a person here made an exception for these bytes?",
  kind: "world",
  document: "docs/policy.md, exceptions",
  policyFacts: {
    owner: "String",
    reason: "String",
    until: "String",
    overrides: "Set<String>",
    approvers: "Long",
  },
  // The bytes are asked about, and the context holds the exception for them.
  recall: { ask: () => ({}), answer: async (_asked, context) => answer(context) },
};

function answer({ exception: made, clock }: CheckContext): CheckResult {
  if (made === undefined) return { notChecked: "nobody has made an exception for these bytes" };
  const until = Date.parse(made.until);
  // An end that cannot be read has passed.
  if (!(clock.now().getTime() < until))
    return { notChecked: `the exception of ${made.owner} ended at ${made.until}` };
  return {
    outcome: "pass",
    because: `${made.owner} made an exception until ${made.until}: ${made.reason}`,
    facts: {
      owner: made.owner,
      reason: made.reason,
      until: made.until,
      overrides: made.overrides,
      approvers: made.owners?.length ?? 1,
    },
  };
}
