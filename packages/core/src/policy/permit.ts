/**
 * Makes sure that a permit cannot profit from bad news: it may only ask outcomes to be "pass", and read facts
 * only of a check that it asks to pass. Then more failing evidence never makes a permit match. Conservative:
 * what is not understood is a problem.
 * @module
 */

import type { Expr, PolicyJson } from "@cedar-policy/cedar-wasm/nodejs";
import { operandsOf, outcomeTest, outcomeTestsOf, type Read, readsOf } from "./expression.ts";

/** @returns one sentence per problem, with the check it is about */
export function permitProblems(policy: PolicyJson): readonly { message: string; check?: string }[] {
  const whens = policy.conditions
    .filter(({ kind }) => kind === "when")
    .flatMap(({ body }) => conjuncts(body));
  const unlesses = policy.conditions.filter(({ kind }) => kind === "unless").map(({ body }) => body);
  const passing = passesOf(whens, new Set());
  const bad = [
    ...whens.flatMap((expression) => badReads(expression, passing)),
    ...unlesses.flatMap((expression) => looseReads(expression, passing)),
  ];
  const problems = bad.map(({ check }) => ({
    message: `a permit may only test ${check === undefined ? "a check" : `"${check}"`} with outcome == "pass", and read facts only beside that test`,
    ...(check === undefined ? {} : { check }),
  }));
  const requiresPass = policy.conditions.some(
    ({ kind, body }) => kind === "when" && outcomeTestsOf(body).length > 0,
  );
  return requiresPass ? problems : [...problems, { message: "a permit must ask at least one check to pass" }];
}

function conjuncts(expression: Expr): readonly Expr[] {
  const both = operandsOf(expression, "&&");
  return both === undefined ? [expression] : both.flatMap(conjuncts);
}

function passesOf(expressions: readonly Expr[], inherited: ReadonlySet<string>): ReadonlySet<string> {
  const tests = expressions.map((expression) => outcomeTest(expression, "=="));
  return new Set([...inherited, ...tests.flatMap((test) => (test?.outcome === "pass" ? [test.check] : []))]);
}

/** Reads that could profit from bad news, in an expression that must be true. */
function badReads(expression: Expr, passing: ReadonlySet<string>): readonly Read[] {
  if (outcomeTest(expression, "==")?.outcome === "pass") return [];
  const either = operandsOf(expression, "||");
  if (either === undefined) return looseReads(expression, passing);
  return either.flatMap((side) => {
    const all = conjuncts(side);
    const inside = passesOf(all, passing);
    return all.flatMap((part) => badReads(part, inside));
  });
}

const looseReads = (expression: Expr, passing: ReadonlySet<string>): readonly Read[] =>
  readsOf(expression).filter(
    ({ check, field }) => check === undefined || field !== "facts" || !passing.has(check),
  );
