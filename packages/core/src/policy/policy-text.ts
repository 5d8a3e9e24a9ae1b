/**
 * Splits policy files into single policies and remembers where each stands.
 * Cedar reports places as byte offsets into the UTF-8 text.
 * @module
 */

import type { DetailedError, PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { Cedar } from "./cedar.ts";
import type { PolicySource } from "./vocabulary.ts";

export interface PolicyProblem {
  /** The file's name as shown. */
  readonly source: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
}

/** One policy of a file. */
export interface PolicyPart {
  readonly source: PolicySource;
  readonly text: string;
  /** Where its text starts, in UTF-8 bytes. */
  readonly offsetBytes: number;
  readonly json: PolicyJson;
}

export interface SplitPolicies {
  readonly parts: readonly PolicyPart[];
  readonly problems: readonly PolicyProblem[];
}

const MAX_SOURCE_BYTES = 1024 * 1024;

/** Splits one file. A file that does not parse yields problems and no policies. */
export function splitPolicies(cedar: Cedar, source: PolicySource): SplitPolicies {
  const { text } = source;
  if (Buffer.byteLength(text) > MAX_SOURCE_BYTES)
    return { parts: [], problems: [problemAt(source, 0, `is larger than ${MAX_SOURCE_BYTES} bytes`)] };
  const split = cedar.policySetTextToParts(text);
  if (split.type === "failure") return { parts: [], problems: syntaxProblems(source, split.errors) };
  const parts: PolicyPart[] = [];
  const problems = split.policy_templates.map((template) =>
    problemAt(source, byteOffset(text, text.indexOf(template)), "policy templates are not supported"),
  );
  const searchFrom = new Map<string, number>();
  for (const policy of split.policies) {
    const index = text.indexOf(policy, searchFrom.get(policy) ?? 0);
    searchFrom.set(policy, index + policy.length);
    const offsetBytes = byteOffset(text, Math.max(0, index));
    const parsed = cedar.policyToJson(policy);
    if (parsed.type === "success") parts.push({ source, text: policy, offsetBytes, json: parsed.json });
    else problems.push(problemAt(source, offsetBytes, parsed.errors[0]?.message ?? "cannot be read"));
  }
  return { parts: parts.sort((a, b) => a.offsetBytes - b.offsetBytes), problems };
}

const byteOffset = (text: string, index: number): number => Buffer.byteLength(text.slice(0, index));

/** A problem at a place of a file, in bytes from its start. */
export function problemAt(
  source: PolicySource,
  offsetBytes: number,
  message: string,
  suggestion?: string,
): PolicyProblem {
  const before = Buffer.from(source.text).subarray(0, offsetBytes);
  const line = before.toString("latin1").split("\n").length;
  const column = offsetBytes - before.lastIndexOf(0x0a);
  return {
    source: source.name,
    line,
    column,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

const syntaxProblems = (source: PolicySource, errors: readonly DetailedError[]): PolicyProblem[] =>
  errors.map(({ message, help, sourceLocations }) => {
    const place = sourceLocations?.[0];
    const expected = place?.label === null || place?.label === undefined ? "" : `, ${place.label}`;
    return problemAt(source, place?.start ?? 0, `${message}${expected}`, help ?? undefined);
  });
