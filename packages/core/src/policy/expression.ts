/**
 * Reads Cedar's JSON form of an expression: which check a piece of it looks at.
 * Source: https://docs.cedarpolicy.com/policies/json-format.html
 * @module
 */

import type { Expr } from "@cedar-policy/cedar-wasm/nodejs";

export type Field = "outcome" | "failCount" | "unknownCount" | "worstPath" | "facts" | "whole";

/** A look at one check; `check` is undefined when the expression takes the whole context or all checks. */
export interface Read {
  readonly check: string | undefined;
  readonly field: Field;
}

/** An outcome compared with a literal. */
export interface OutcomeTest {
  readonly check: string;
  readonly outcome: string;
}

type Node = Readonly<Record<string, unknown>>;

const asNode = (value: unknown): Node | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : undefined;

/** `["checks", "opened", "outcome"]` for `context.checks["opened"].outcome`; undefined for anything else. */
function contextPath(value: unknown): string[] | undefined {
  const node = asNode(value);
  if (node === undefined) return undefined;
  if (node.Var === "context") return [];
  const access = asNode(node["."]);
  if (access === undefined || typeof access.attr !== "string") return undefined;
  const left = contextPath(access.left);
  return left && [...left, access.attr];
}

const FIELDS: ReadonlySet<string> = new Set(["outcome", "failCount", "unknownCount", "worstPath", "facts"]);
const isField = (text: string | undefined): text is Field => text !== undefined && FIELDS.has(text);

function readOf(value: unknown): Read | undefined {
  const path = contextPath(value);
  if (path === undefined) return undefined;
  const field = path[2];
  return { check: path[1], field: isField(field) ? field : "whole" };
}

/** Every look at the context below an expression. */
export function readsOf(expression: Expr): readonly Read[] {
  const reads: Read[] = [];
  visit(expression, (value) => {
    const read = readOf(value);
    if (read !== undefined) reads.push(read);
    return read === undefined;
  });
  return reads;
}

/** Every `outcome == "literal"` below an expression, whichever side the literal is on. */
export function outcomeTestsOf(expression: Expr): readonly OutcomeTest[] {
  const tests: OutcomeTest[] = [];
  visit(expression, (value) => {
    const node = asNode(value);
    const test = node && (outcomeTest(node, "==") ?? outcomeTest(node, "!="));
    if (test !== undefined) tests.push(test);
    return true;
  });
  return tests;
}

/** The test an expression is, if it is nothing but one. */
export function outcomeTest(expression: unknown, operator: "==" | "!="): OutcomeTest | undefined {
  const operands = asNode(asNode(expression)?.[operator]);
  if (operands === undefined) return undefined;
  return testOf(operands.left, operands.right) ?? testOf(operands.right, operands.left);
}

function testOf(read: unknown, literal: unknown): OutcomeTest | undefined {
  const path = contextPath(read);
  const outcome = asNode(literal)?.Value;
  const [, check, field] = path ?? [];
  return check !== undefined && field === "outcome" && path?.length === 3 && typeof outcome === "string"
    ? { check, outcome }
    : undefined;
}

/** Both sides of `&&` or `||`. */
export function operandsOf(expression: Expr, operator: "&&" | "||"): readonly [Expr, Expr] | undefined {
  const operands = asNode(asNode(expression)?.[operator]);
  return operands && [operands.left as Expr, operands.right as Expr];
}

/** @param enter - told every value; returns whether to go below it */
function visit(value: unknown, enter: (value: unknown) => boolean): void {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== "object" || next === null || !enter(next)) continue;
    waiting.push(...Object.values(next));
  }
}
