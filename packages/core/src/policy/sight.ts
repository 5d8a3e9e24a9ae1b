/**
 * What policies see of evidence, as one text: equal texts get equal verdicts from the same policies. Asking the engine once for
 * many decisions is what makes asking all of them again affordable.
 * @module
 */

import type { Evidence } from "../evidence.ts";
import { canonicalJson, type Json } from "../json.ts";
import type { Subject } from "../subject.ts";
import { contextOf } from "./context.ts";
import { readsOf } from "./expression.ts";
import { type PolicySet, parsedOf } from "./policy-set.ts";
import type { PolicyPart } from "./policy-text.ts";

/** What a set of policies could look at. */
export interface Eyes {
  /** Whether a fact's name stands in a policy's text; otherwise none reads it. */
  names(fact: string): boolean;
  /** Something is read as a whole, whatever its facts are called. */
  readonly seesAll: boolean;
  /** Some policy is about certain subjects. */
  readonly seesSubject: boolean;
}

export function eyesOf(parts: readonly PolicyPart[]): Eyes {
  const bodies = parts.flatMap(({ json }) => json.conditions.map(({ body }) => body));
  const text = parts.map((part) => part.text).join("\n");
  const known = new Map<string, boolean>();
  return {
    names(fact) {
      const isNamed = known.get(fact) ?? text.includes(fact);
      known.set(fact, isNamed);
      return isNamed;
    },
    seesAll: bodies.some((body) =>
      readsOf(body).some(({ check, field }) => check === undefined || field === "whole"),
    ),
    seesSubject: parts.some(
      ({ json }) =>
        json.resource.op !== "All" || JSON.stringify(json.conditions).includes('"Var":"resource"'),
    ),
  };
}

/** @throws UsageError `usage.policy` when the set was not made by `loadPolicies` */
export function sightOf(policy: PolicySet, subject: Subject, evidence: readonly Evidence[]): string {
  const { vocabulary, eyes } = parsedOf(policy);
  const { checks, unreadable } = contextOf(evidence, vocabulary);
  const seen = Object.entries(checks).map(([id, { facts, ...record }]): [string, Json] => [
    id,
    {
      ...record,
      facts: eyes.seesAll
        ? facts
        : Object.fromEntries(Object.entries(facts).filter(([name]) => eyes.names(name))),
    },
  ]);
  return canonicalJson({
    checks: Object.fromEntries(seen),
    hasUnreadable: unreadable.length > 0,
    ...(eyes.seesSubject && { subject: subject.id }),
  });
}
