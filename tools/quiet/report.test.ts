import { expect, it } from "vitest";
import type { Outcome, Risk } from "./compare.ts";
import type { PackageVersions } from "./pair.ts";
import { isCompared, rulesOf, tablesOf, totalsOf } from "./report.ts";
import { jobsOf, type Result } from "./run.ts";

const versions = ["1.0.0", "1.0.1", "1.0.2"].map((version) => ({ version, integrity: "sha512-" }));
const three: PackageVersions = { group: "pe", registry: "npm", name: "three", versions };
const two: PackageVersions = { ...three, name: "two", versions: versions.slice(0, 2) };

function resultOf(...risks: readonly Risk[]): Result {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0, members: 4 };
  for (const risk of risks) counts[risk] += 1;
  const differences = risks.map((risk) => ({
    trait: "code",
    rule: "moved",
    risk,
    because: "moved",
    path: "a",
  }));
  const outcome: Outcome = counts.critical > 0 ? "refuse" : counts.high > 0 ? "hold" : "admit";
  const found = { counts, differences, sameProduct: true, notCompared: [], faults: [] };
  const comparison = { ...found, outcome, seconds: 1 };
  return { mode: "forward", package: three, from: "1.0.1", to: "1.0.2", comparison };
}

it("compares the last two releases, the other way round, and with one left out where there are three", () => {
  const jobs = jobsOf([three, two], ["forward", "reversed", "apart"]);
  expect(jobs.map(({ mode, package: { name }, from, to }) => [mode, name, from, to])).toEqual([
    ["forward", "three", 1, 2],
    ["forward", "two", 0, 1],
    ["reversed", "three", 2, 1],
    ["reversed", "two", 1, 0],
    ["apart", "three", 0, 2],
  ]);
});

it("counts a refusal once, a hold once, and what could not be compared as no quiet pair", () => {
  const { comparison: _, ...gone } = resultOf();
  const results = [
    resultOf("critical", "high"),
    resultOf("high", "low"),
    resultOf("info"),
    { ...gone, failure: "404" },
  ];
  expect(totalsOf(results)).toMatchObject({ pairs: 4, failed: 1, refused: 1, held: 1, median: 2, most: 2 });
});

it("counts what is held for another reason than a difference", () => {
  const one = resultOf("info");
  if (!isCompared(one)) throw new Error("was compared");
  const blind: Result = { ...one, comparison: { ...one.comparison, outcome: "hold" } };
  expect(totalsOf([blind, resultOf("high")])).toMatchObject({ held: 2, heldForHigh: 1 });
});

it("takes the middle of an even number of pairs", () => {
  expect(totalsOf([resultOf("low"), resultOf("low", "low")]).median).toBe(1.5);
});

it("tells which rule spoke how often, and leaves info out", () => {
  expect(rulesOf([resultOf("low", "low", "info"), resultOf("low")])).toEqual([["`code` moved (low)", 2, 3]]);
});

it("prints a pair that failed with its reason", () => {
  const { comparison: _, ...gone } = resultOf();
  expect(tablesOf([{ ...gone, failure: "no longer served" }])).toContain("no longer served");
});
