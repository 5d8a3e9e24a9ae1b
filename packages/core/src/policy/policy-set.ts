/** Policies ready to decide: checked, parsed once, and identified by a hash. @module */

import { createHash } from "node:crypto";
import { UsageError } from "../errors.ts";
import { canonicalJson } from "../json.ts";
import { type Cedar, loadCedar } from "./cedar.ts";
import { annotation, examinePolicies } from "./check-policies.ts";
import { type OutcomeTest, outcomeTestsOf, readsOf } from "./expression.ts";
import { nearest } from "./nearest.ts";
import type { PolicyPart, PolicyProblem } from "./policy-text.ts";
import { schemaOf } from "./schema.ts";
import { type Eyes, eyesOf } from "./sight.ts";
import type { CheckVocabulary, PolicySource } from "./vocabulary.ts";

export interface PolicyDescription {
  readonly id: string;
  readonly verdict: "admit" | "hold" | "refuse";
  readonly because: string;
  readonly source: string;
  readonly origin: "default" | "added";
}

export interface PolicySet {
  /** In use, by id. */
  readonly policies: readonly PolicyDescription[];
  /** SHA-256 over the texts in use, hex; equal whatever the order of files and policies. */
  readonly hash: string;
  /** Default policies that were switched off, sorted. */
  readonly withoutDefaults: readonly string[];
}

/** What `decide` needs and nobody else sees. */
export interface ParsedPolicies {
  readonly cedar: Cedar;
  readonly policySetId: string;
  readonly schemaName: string;
  readonly vocabulary: readonly CheckVocabulary[];
  readonly byId: ReadonlyMap<string, ParsedPolicy>;
  readonly eyes: Eyes;
}

export interface ParsedPolicy {
  readonly description: PolicyDescription;
  /** The checks its `when` clauses read, and the outcomes they look for. */
  readonly checks: ReadonlySet<string>;
  readonly tests: readonly OutcomeTest[];
}

const parsed = new WeakMap<PolicySet, ParsedPolicies>();

/** @throws UsageError `usage.policy` for a set that {@link loadPolicies} did not make */
export function parsedOf(policy: PolicySet): ParsedPolicies {
  const found = parsed.get(policy);
  if (found === undefined) throw new UsageError("usage.policy", "the policy set was not loaded");
  return found;
}

/**
 * Loads policy files. Asynchronous because the engine is loaded with the first set; deciding is not.
 * @param options.withoutDefaults - ids of default policies to leave out
 * @throws UsageError `usage.policy` naming every problem as `file:line:column`
 */
export async function loadPolicies(
  sources: readonly PolicySource[],
  options: { readonly vocabulary: readonly CheckVocabulary[]; readonly withoutDefaults: readonly string[] },
): Promise<PolicySet> {
  const cedar = await loadCedar();
  const { parts, problems } = examinePolicies(cedar, sources, options.vocabulary);
  if (problems.length > 0) throw new UsageError("usage.policy", problems.map(problemLine).join("\n"));
  const without = new Set(options.withoutDefaults);
  requireDefaults(parts, without);
  const used = parts.filter(
    (part) => part.source.origin === "added" || !without.has(annotation(part, "id") ?? ""),
  );
  const policies = used.map(parsePolicy).sort((a, b) => (a.description.id < b.description.id ? -1 : 1));
  const texts = used.map(({ text }) => text).sort();
  const set: PolicySet = {
    policies: policies.map(({ description }) => description),
    hash: sha256(canonicalJson(texts)),
    withoutDefaults: [...without].sort(),
  };
  parsed.set(set, {
    ...prepare(cedar, used, options.vocabulary),
    byId: new Map(policies.map((policy) => [policy.description.id, policy])),
    eyes: eyesOf(used),
  });
  return set;
}

/** A problem on one line, as compilers print it. */
export const problemLine = ({ source, line, column, message, suggestion }: PolicyProblem): string =>
  `${source}:${line}:${column}: ${message}${suggestion === undefined ? "" : ` (${suggestion})`}`;

function requireDefaults(parts: readonly PolicyPart[], without: ReadonlySet<string>): void {
  const defaults = new Set(
    parts.filter(({ source }) => source.origin === "default").map((part) => annotation(part, "id") ?? ""),
  );
  for (const id of without) {
    if (defaults.has(id)) continue;
    const meant = nearest(id, defaults);
    const hint = meant === undefined ? "" : ` (did you mean "${meant}"?)`;
    throw new UsageError("usage.policy", `there is no default policy "${id}"${hint}`);
  }
}

function parsePolicy(part: PolicyPart): ParsedPolicy {
  const whens = part.json.conditions.filter(({ kind }) => kind === "when").map(({ body }) => body);
  const refuses = annotation(part, "verdict") === "refuse";
  return {
    description: {
      id: annotation(part, "id") ?? "",
      verdict: part.json.effect === "permit" ? "admit" : refuses ? "refuse" : "hold",
      because: annotation(part, "because") ?? "",
      source: part.source.name,
      origin: part.source.origin,
    },
    checks: new Set(whens.flatMap((body) => readsOf(body).flatMap(({ check }) => check ?? []))),
    tests: [
      ...whens.flatMap(outcomeTestsOf),
      ...whens.flatMap((body) =>
        readsOf(body).flatMap(({ check, field }) =>
          field === "unknownCount" && check !== undefined ? [{ check, outcome: "unknown" }] : [],
        ),
      ),
    ],
  };
}

/** Parses policies and schema inside the engine, under names made from their content. */
function prepare(
  cedar: Cedar,
  parts: readonly PolicyPart[],
  vocabulary: readonly CheckVocabulary[],
): Omit<ParsedPolicies, "byId" | "eyes"> {
  const schema = schemaOf(vocabulary);
  const staticPolicies = Object.fromEntries(
    parts
      .map((part) => [annotation(part, "id") ?? "", part.text] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const policySetId = sha256(JSON.stringify(staticPolicies));
  const schemaName = sha256(schema);
  for (const answer of [
    cedar.preparsePolicySet(policySetId, { staticPolicies }),
    cedar.preparseSchema(schemaName, schema),
  ]) {
    if (answer.type === "failure")
      throw new UsageError("usage.policy", answer.errors.map(({ message }) => message).join("\n"));
  }
  return { cedar, policySetId, schemaName, vocabulary };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
