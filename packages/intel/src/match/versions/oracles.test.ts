/** The same ladders and random versions, asked of the systems' own programs. A program that is not there is skipped, and said. */

import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { compare as comparePython } from "@renovatebot/pep440";
import { describe, expect, it } from "vitest";
import { compareDeb } from "./deb.ts";
import { comparePep440 } from "./pep440.ts";
import { compareSemver } from "./semver.ts";

/** It ships no types. */
const semver: { valid(text: string): string | null; compare(a: string, b: string): number } = createRequire(
  import.meta.url,
)("semver");

/** Fixed, so that a failure comes again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = <Item>(from: readonly Item[], next: (below: number) => number): Item => {
  const item = from[next(from.length)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
};

function versions(pieces: readonly string[], count: number, longest: number): string[] {
  const next = random(count + longest);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + next(longest) }, () => pick(pieces, next)).join(""),
  );
}

const sign = (order: number | undefined): number => Math.sign(order ?? Number.NaN);

describe("versions as their own systems order them", () => {
  it("semver, as npm does", () => {
    const made = versions(
      ["1.0.0", "1.2.3", "10.0.1", "-rc", ".1", "-alpha", ".beta", "+5", "-0", "-x.7"],
      400,
      3,
    );
    const valid = made.filter((version) => semver.valid(version) !== null);
    expect(valid.length).toBeGreaterThan(50);
    for (const a of valid)
      for (const b of valid) expect(sign(compareSemver(a, b)), `${a} ${b}`).toBe(semver.compare(a, b));
  });

  it("PEP 440, as Renovate does", () => {
    const made = versions(
      ["1", ".0", ".10", "a1", "rc2", ".post1", ".dev3", "1!2", "+ab.1", "-2", "b", "_", "c3"],
      600,
      4,
    );
    const valid = made.filter((version) => {
      try {
        return comparePython(version, version) === 0;
      } catch {
        return false;
      }
    });
    expect(valid.length).toBeGreaterThan(50);
    for (const a of valid)
      for (const b of valid) expect(sign(comparePep440(a, b)), `${a} ${b}`).toBe(comparePython(a, b));
  });

  it("Debian's, as dpkg does", ({ skip }) => {
    if (spawnSync("dpkg", ["--version"]).status !== 0) skip("this machine has no dpkg");
    const made = versions(["1", ".0", "0", "a", "~", "+", "-1", "1:", ".10", "rc", "~~", "Z", "-"], 300, 5);
    const valid = [...new Set(made)].filter(
      (version) => /^(?:[0-9]+:)?[0-9][A-Za-z0-9.+~-]*$/.test(version) && !version.endsWith("-"),
    );
    const pairs = valid.slice(0, 40).flatMap((a) => valid.slice(0, 40).map((b) => [a, b] as const));
    const script = pairs
      .map(
        ([a, b]) =>
          `if dpkg --compare-versions '${a}' lt '${b}'; then echo -1; elif dpkg --compare-versions '${a}' eq '${b}'; then echo 0; else echo 1; fi`,
      )
      .join("\n");
    const said = execFileSync("sh", [], {
      input: script,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
    });
    const answers = said.trim().split("\n").map(Number);
    expect(pairs.length).toBeGreaterThan(400);
    pairs.forEach(([a, b], at) => {
      expect(sign(compareDeb(a, b)), `${a} ${b}`).toBe(answers[at]);
    });
  }, 120_000);
});
