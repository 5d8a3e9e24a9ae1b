/**
 * The Cedar schema that every policy and every request is validated against, made from the vocabulary.
 * Source: https://docs.cedarpolicy.com/schema/human-readable-schema.html
 * @module
 */

import assert from "node:assert/strict";
import type { CheckVocabulary } from "./vocabulary.ts";

const NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

/** @returns the schema as text; equal for equal vocabularies in any order */
export function schemaOf(vocabulary: readonly CheckVocabulary[]): string {
  const checks = [...vocabulary].sort((a, b) => (a.id < b.id ? -1 : 1)).map(checkAttribute);
  return [
    "entity Organisation;",
    "entity Subject;",
    "action pass appliesTo {",
    "  principal: Organisation, resource: Subject,",
    `  context: { checks: {\n${checks.join(",\n")}\n  } }`,
    "};",
  ].join("\n");
}

function checkAttribute({ id, facts }: CheckVocabulary): string {
  const names = Object.keys(facts).sort();
  for (const name of [id, ...names]) assert.match(name, NAME, "a check or fact has a name Cedar cannot read");
  const attributes = names.map((name) => `"${name}": ${facts[name]}`).join(", ");
  const outcome = "outcome: String, failCount: Long, unknownCount: Long, worstPath: String";
  return `    "${id}": { ${outcome}, facts: { ${attributes} } }`;
}
