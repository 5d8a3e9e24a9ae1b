import { expect, it } from "vitest";
import type { Risk } from "../quiet/compare.ts";
import { techniques } from "./registry.ts";
import { tablesOf, totalsOf } from "./report.ts";
import type { Found, Trial } from "./run.ts";

const found = (risk: Risk): Found => ({
  trait: "text",
  rule: "changed",
  risk,
  because: "has changed lines",
  path: "a.js",
  rank: 2,
});

function trialsOf(...given: readonly Partial<Trial>[]): readonly Trial[] {
  const technique = techniques.find(({ least }) => least === "high");
  if (technique === undefined) throw new Error("no technique must be high");
  return given.map((trial, index) => ({
    technique,
    subject: index === 0 ? "built" : `parts 1.0.${index}`,
    ...trial,
  }));
}

it("counts what was found, what was missed, and what could not be tried", () => {
  const trials = trialsOf(
    { found: found("critical"), twin: found("info") },
    { found: found("medium"), twin: found("medium") },
    { failure: "no such version" },
  );
  expect(totalsOf(trials)).toEqual({
    trials: 3,
    failed: 1,
    found: 1,
    loudTwins: 1,
    techniques: 1,
    everywhere: 0,
  });
  const tables = tablesOf(trials);
  expect(tables).toContain("built 1 of 1, real 0 of 1");
  expect(tables).toContain("Tried on fewer than 3 real packages");
  expect(tables).toContain("missed: `text` changed (medium): has changed lines");
  expect(tables).toContain("twin too loud: `text` changed (medium)");
  expect(tables).toContain("could not be tried: no such version");
});

it("says that each was tried often enough", () => {
  const one = { found: found("high") };
  expect(tablesOf(trialsOf(one, one, one, one))).toContain("Each was tried on 3 real packages or more.");
});
