/**
 * Rules that a person brought along: an organisation's own, or those of somebody who saw an attack first.
 * Source: YARA documentation, "Writing YARA rules".
 * @module
 */

import type { Check } from "../check.ts";

export const rules: Check = {
  id: "rules",
  question: "Does a file inside match a rule that was brought along?",
  kind: "content",
  document: "YARA documentation, Writing YARA rules; YARA-X, differences with YARA",
  policyFacts: { rule: "String", pack: "String" },
  async examine({ context: { rulePacks = [], refusedRules = [] } }) {
    const [first] = refusedRules;
    if (first !== undefined)
      return {
        notChecked: `${refusedRules.length} files of rules that are kept here were refused, such as ${first}`,
      };
    // What the rules found is evidence already: they are asked while the artifact is opened.
    return rulePacks.length > 0 ? [] : { notChecked: "no rules were brought along: --rules PATH" };
  },
};
