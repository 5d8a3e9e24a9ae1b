import { describe, expect, it } from "vitest";
import { checkPolicies } from "./check-policies.ts";

const vocabulary = [
  { id: "opened", facts: { count: "Long" as const, grave: "Bool" as const } },
  { id: "structure", facts: {} },
];
const check = (text: string) => checkPolicies([{ name: "mine.cedar", text, origin: "added" }], vocabulary);
const permit = (condition: string) =>
  `@id("a") @because("b")\npermit(principal, action, resource)\n${condition};`;
const forbid = (condition: string, head = '@id("a") @verdict("hold") @because("b")') =>
  `${head}\nforbid(principal, action, resource) when { ${condition} };`;
const OPENED_FAILS = 'context.checks["opened"].outcome == "fail"';
const OPENED_PASSES = 'context.checks["opened"].outcome == "pass"';

describe("checkPolicies", () => {
  it("finds nothing wrong with good policies", async () => {
    expect(await check(forbid(OPENED_FAILS))).toEqual([]);
    expect(await check(permit(`when { ${OPENED_PASSES} }`))).toEqual([]);
    expect(await check("")).toEqual([]);
  });

  it("places a syntax error, also after text that is not ASCII", async () => {
    expect(await check(`// é\n${forbid("1 + ")}`)).toMatchObject([{ source: "mine.cedar", line: 3 }]);
  });

  it("suggests the check and the outcome that were meant", async () => {
    expect(await check(forbid('context.checks["opend"].outcome == "fail"'))).toMatchObject([
      { line: 2, message: 'there is no check "opend"', suggestion: 'did you mean "opened"?' },
    ]);
    expect(await check(forbid('context.checks["opened"].outcome == "failed"'))).toMatchObject([
      { line: 2, suggestion: 'did you mean "fail"?' },
    ]);
  });

  it("reports a wrong type", async () => {
    expect(await check(forbid('context.checks["opened"].facts.count == "1"'))).toHaveLength(1);
    expect(await check(forbid('context.checks["opened"].facts.cuont == 1'))).toHaveLength(1);
  });

  it.each([
    ['@verdict("hold") @because("b")', "has no @id"],
    ['@id("a") @verdict("hold")', "has no @because"],
    ['@id("a") @because("b")', "a forbid needs a @verdict"],
    ['@id("a") @verdict("deny") @because("b")', "neither refuse nor hold"],
    ['@id("a") @verdict("hold") @because("b") @becuase("c")', "unknown annotation @becuase"],
    ['@id("no-permit") @verdict("hold") @because("b")', "reserved"],
    ['@id("A B") @verdict("hold") @because("b")', "kebab-case"],
  ])("reports the annotations %s", async (head, message) => {
    expect(await check(forbid(OPENED_FAILS, head))).toMatchObject([
      { line: 1, message: expect.stringContaining(message) },
    ]);
  });

  it("reports an id that is taken, and every one of a dozen policies at its own line", async () => {
    const twelve = Array.from({ length: 12 }, () => forbid(OPENED_FAILS)).join("\n");
    const problems = await check(twelve);
    expect(problems.map(({ line }) => line)).toEqual([3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]);
  });

  it.each([
    `when { ${OPENED_FAILS} }`,
    `when { !(${OPENED_PASSES}) }`,
    'when { context.checks["opened"].outcome != "fail" }',
    'when { context.checks["opened"].outcome == "not-checked" }',
    `unless { ${OPENED_FAILS} }`,
    `unless { ${OPENED_PASSES} }`,
    `when { ${OPENED_PASSES} && context.checks["structure"].failCount == 1 }`,
    `when { ${OPENED_PASSES} && context.checks["structure"].worstPath == "x" }`,
    `when { context.checks["opened"].facts.grave && context.checks["structure"].outcome == "pass" }`,
    `when { ${OPENED_PASSES} || context.checks["opened"].facts.grave }`,
    `when { if ${OPENED_PASSES} then false else true }`,
    `when { ${OPENED_PASSES} && [context.checks["structure"].outcome].contains("fail") }`,
    `when { ${OPENED_PASSES} && (context.checks["structure"].outcome like "f*") }`,
    `when { (${OPENED_PASSES}) == false }`,
    `when { ${OPENED_PASSES} && context.checks["structure"] == context.checks["structure"] }`,
    "",
    "when { true }",
  ])("rejects a permit that could profit from bad news: %s", async (condition) => {
    expect((await check(permit(condition))).map(({ message }) => message).join()).toMatch(/a permit m/);
  });

  it.each([
    `when { ${OPENED_PASSES} && context.checks["opened"].facts.count > 3 }`,
    `when { ${OPENED_PASSES} } when { context.checks["opened"].facts.grave }`,
    `when { ${OPENED_PASSES} } unless { context.checks["opened"].facts.grave }`,
    `when { ${OPENED_PASSES} || "pass" == context.checks["structure"].outcome }`,
  ])("accepts a permit that asks for good news: %s", async (condition) => {
    expect(await check(permit(condition))).toEqual([]);
  });

  it("refuses templates and oversized files", async () => {
    expect(
      await check('@id("a") @because("b") permit(principal == ?principal, action, resource);'),
    ).toMatchObject([{ message: "policy templates are not supported" }]);
    expect(await check(" ".repeat(2 * 1024 * 1024))).toHaveLength(1);
  });
});
