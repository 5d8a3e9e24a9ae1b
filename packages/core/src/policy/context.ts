/**
 * Condenses evidence into the one record a policy sees. Cedar cannot quantify over members, so each check
 * is its worst outcome, with counts and the facts of its worst evidence. The order of evidence never matters.
 * @module
 */

import type { Evidence, Outcome } from "../evidence.ts";
import { checkIdOf } from "../evidence.ts";
import { canonicalJson, type Json } from "../json.ts";
import type { CheckVocabulary, ContextOutcome, FactType } from "./vocabulary.ts";

type FactValue = string | number | boolean | string[];

export interface CheckRecord {
  readonly outcome: ContextOutcome;
  readonly failCount: number;
  readonly unknownCount: number;
  /** Empty for the artifact itself, or when there is no evidence. */
  readonly worstPath: string;
  /**
   * Of the worst evidence. A Bool marks something grave and is true when any evidence of the worst outcome
   * says so: a mild failure must not hide a grave one.
   */
  readonly facts: Record<string, FactValue>;
}

export interface PolicyContext {
  readonly checks: Record<string, CheckRecord>;
  /** Indexes of evidence that no policy can read: an unknown check, or a fact of the wrong type. */
  readonly unreadable: readonly number[];
}

export function contextOf(
  evidence: readonly Evidence[],
  vocabulary: readonly CheckVocabulary[],
): PolicyContext {
  const known = new Map(vocabulary.map((check) => [check.id, check]));
  const byCheck = Map.groupBy(evidence, (seen) => checkIdOf(seen.source));
  const unreadable = evidence.flatMap((seen, index) => {
    const check = known.get(checkIdOf(seen.source));
    return check !== undefined && factsFit(seen, check) ? [] : [index];
  });
  const checks = vocabulary.map((check) => [check.id, recordOf(check, byCheck.get(check.id) ?? [])]);
  return { checks: Object.fromEntries(checks), unreadable };
}

function recordOf(check: CheckVocabulary, evidence: readonly Evidence[]): CheckRecord {
  const [worst] = [...evidence].sort(worstFirst);
  const equallyBad = evidence.filter((seen) => seen.outcome === worst?.outcome);
  const facts = Object.entries(check.facts).map(([name, type]) => {
    if (type === "Bool") return [name, equallyBad.some((seen) => factOf(seen, name) === true)];
    const value = worst && factOf(worst, name);
    return [name, fits(value, type) ? wellFormed(value) : defaultOf(type)];
  });
  return {
    outcome: worst?.outcome ?? "not-checked",
    failCount: evidence.filter((seen) => seen.outcome === "fail").length,
    unknownCount: evidence.filter((seen) => seen.outcome === "unknown").length,
    worstPath: (worst?.path ?? "").toWellFormed(),
    facts: Object.fromEntries(facts),
  };
}

const SEVERITY: Record<Outcome, number> = { fail: 0, unknown: 1, pass: 2 };

/** Outcome, the artifact itself before members, path, then content: a total order. */
function worstFirst(a: Evidence, b: Evidence): number {
  return (
    SEVERITY[a.outcome] - SEVERITY[b.outcome] ||
    compare(a.path ?? "", b.path ?? "") ||
    compare(canonicalJson(a.facts), canonicalJson(b.facts))
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const factOf = (seen: Evidence, name: string): Json | undefined =>
  Object.hasOwn(seen.facts, name) ? seen.facts[name] : undefined;

const factsFit = (seen: Evidence, check: CheckVocabulary): boolean =>
  Object.entries(check.facts).every(([name, type]) => {
    const value = factOf(seen, name);
    return value === undefined || fits(value, type);
  });

function fits(value: Json | undefined, type: FactType): value is FactValue {
  switch (type) {
    case "String":
      return typeof value === "string";
    case "Long":
      return typeof value === "number" && Number.isSafeInteger(value);
    case "Bool":
      return typeof value === "boolean";
    case "Set<String>":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
  }
}

function defaultOf(type: FactType): FactValue {
  return type === "String" ? "" : type === "Long" ? 0 : type === "Bool" ? false : [];
}

/** A lone surrogate from a hostile name must not make the whole request unreadable. */
function wellFormed(value: FactValue): FactValue {
  if (typeof value === "string") return value.toWellFormed();
  return Array.isArray(value) ? value.map((item) => item.toWellFormed()) : value;
}
