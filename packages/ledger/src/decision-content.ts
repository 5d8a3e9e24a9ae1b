/** Decisions and evidence beside the log, named by the SHA-256 of their canonical JSON (RFC 8785). @module */

import { hash } from "node:crypto";
import { canonicalJson, type Decision, type Evidence, type Json } from "@sallyport/core";

export interface DecisionContent {
  /** SHA-256 of the decision's JSON, hex. */
  readonly digest: string;
  /** Every piece by its digest: the decision, in which evidence and what was asked stand by digest, and each of these once. */
  readonly pieces: ReadonlyMap<string, string>;
}

export function contentOf(decision: Decision): DecisionContent {
  const pieces = new Map<string, string>();
  const keep = (value: Json): string => {
    const json = canonicalJson(value);
    const digest = hash("sha256", json);
    pieces.set(digest, json);
    return digest;
  };
  const evidence = decision.evidence.map((item) => keep(plainJson(item)));
  const asked = Object.entries(decision.asked ?? {}).map(([check, value]) => [check, keep(plainJson(value))]);
  const digest = keep(
    plainJson({ ...decision, evidence, ...(asked.length > 0 && { asked: Object.fromEntries(asked) }) }),
  );
  return { digest, pieces };
}

/**
 * Puts a decision together again.
 * @param piece - the JSON of a digest, undefined when it is not there
 * @returns undefined when a piece is missing or is not what its digest says
 */
export function decisionOf(
  digest: string,
  piece: (digest: string) => string | undefined,
): Decision | undefined {
  const read = (name: string): unknown => {
    const json = piece(name);
    return json !== undefined && hash("sha256", json) === name ? JSON.parse(json) : undefined;
  };
  const stored = read(digest) as StoredDecision | undefined;
  if (stored === undefined) return undefined;
  const { asked: askedNames, ...rest } = stored;
  const evidence = stored.evidence.map((name) => read(name) as Evidence | undefined);
  const found = evidence.filter((item) => item !== undefined);
  if (found.length !== evidence.length) return undefined;
  if (askedNames === undefined) return { ...rest, evidence: found };
  const asked = Object.entries(askedNames).map(([check, name]) => [check, read(name)]);
  if (asked.some(([, value]) => value === undefined)) return undefined;
  return { ...rest, evidence: found, asked: Object.fromEntries(asked) };
}

interface StoredDecision extends Omit<Decision, "evidence" | "asked"> {
  readonly evidence: readonly string[];
  readonly asked?: Readonly<Record<string, string>>;
}

/** Drops absent optional members, as JSON does, so that equal decisions have one form. */
const plainJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
