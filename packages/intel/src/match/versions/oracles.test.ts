/** The same ladders and random versions, asked of the systems' own programs. A program that is not there is skipped, and said. */

import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compare as comparePython } from "@renovatebot/pep440";
import { debianPackage, debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { VersionScheme } from "../../naming.ts";
import { compareVersions } from "./compare.ts";
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
    const answers = said.trim().split(/\s+/).map(Number);
    expect(pairs.length).toBeGreaterThan(400);
    pairs.forEach(([a, b], at) => {
      expect(sign(compareDeb(a, b)), `${a} ${b}`).toBe(answers[at]);
    });
  }, 120_000);
});

type Pair = readonly [string, string];

function pairsOf(pieces: readonly string[], isVersion: RegExp, count: number): readonly Pair[] {
  const made = [...new Set(versions(pieces, count * 60, 5))]
    .filter((version) => isVersion.test(version))
    .slice(0, count);
  expect(made.length).toBe(count);
  return made.flatMap((a) => made.map((b): Pair => [a, b]));
}

/** @param said - -1, 0 or 1 for each pair */
function expectSame(scheme: VersionScheme, pairs: readonly Pair[], said: string): void {
  const answers = said.trim().split(/\s+/).map(Number);
  expect(answers.length).toBe(pairs.length);
  pairs.forEach(([a, b], at) => {
    expect(sign(compareVersions(scheme, a, b)), `${a} ${b}`).toBe(answers[at]);
  });
}

describe.skipIf(!hasApt())("versions as programs from Debian order them", () => {
  if (!hasApt()) console.warn(`not asked: rpm, php, ruby, Maven; ${NO_APT}`);

  it("rpm's, as rpm does", async () => {
    const needs = [
      "librpm9",
      "librpmio9",
      "librpmbuild9",
      "librpmsign9",
      "rpm-common",
      "libpopt0",
      "liblua5.3-0",
    ];
    const more = ["libmagic1", "libfsverity0", "libelf1", "libdw1", "libarchive13"];
    const file = "usr/bin/rpm";
    const { path, env } = await debianProgram("rpm", { file, needs: [...needs, ...more] });
    const config = join(path.slice(0, -file.length), "usr/lib/rpm");
    const pairs = pairsOf(
      ["1", ".0", "0", "a", "~", "^", ".10", "rc", "_", "Z", "+2", "~rc1"],
      /^[0-9a-z]/i,
      36,
    );
    const asked = pairs.map(([a, b]) => `rpm.vercmp("${a}", "${b}")`);
    const said = execFileSync(path, ["--eval", `%{lua: print(table.concat({${asked.join(", ")}}, " "))}`], {
      env: { ...env, RPM_CONFIGDIR: config, HOME: "/nonexistent" },
      encoding: "utf8",
    });
    expectSame("rpm", pairs, said);
  }, 300_000);

  it("Composer's, as PHP does where both have four numbers", async () => {
    const needs = [
      "libargon2-1",
      "libsodium23",
      "libxml2",
      "libicu72",
      "libedit2",
      "libbsd0",
      "libmd0",
      "libpcre2-8-0",
    ];
    const { path, env } = await debianProgram("php8.2-cli", { file: "usr/bin/php8.2", needs });
    const pieces = ["1.0.0.0", "1.0.0.1", "1.2.0.0", "-dev", "-alpha", "-beta", "-RC", "-pl", "1", "2", ".3"];
    const pairs = pairsOf(pieces, /^[0-9]+(?:\.[0-9]+){3}(?:-(?:dev|(?:alpha|beta|RC|pl)[0-9]*))?$/, 24);
    const script = pairs.map(([a, b]) => `echo version_compare('${a}', '${b}'), "\\n";`).join("");
    const said = execFileSync(path, ["-n"], { input: `<?php ${script}`, env, encoding: "utf8" });
    expectSame("composer", pairs, said);
  }, 300_000);

  it("RubyGems', as Ruby does", async () => {
    const file = "usr/bin/ruby3.1";
    const needs = ["libruby3.1", "ruby-rubygems", "libgmp10", "libyaml-0-2"];
    const { path, env } = await debianProgram("ruby3.1", { file, needs });
    const root = path.slice(0, -file.length);
    const pairs = pairsOf(
      ["1", ".0", ".2", ".10", ".a", "-1", ".rc1", ".b2", ".pre", ".0.0"],
      /^[0-9][0-9a-z.]*(?:-[0-9a-z]+)*$/,
      36,
    );
    const script = pairs
      .map(([a, b]) => `puts Gem::Version.new("${a}") <=> Gem::Version.new("${b}")`)
      .join("\n");
    const libraries = ["usr/lib/ruby/vendor_ruby", "usr/lib/ruby/3.1.0"].flatMap((folder) => [
      "-I",
      join(root, folder),
    ]);
    const said = execFileSync(path, ["--disable-gems", ...libraries, "-"], {
      input: `module Gem; end\nrequire "rubygems/version"\n${script}`,
      env,
      encoding: "utf8",
    });
    expectSame("gem", pairs, said);
  }, 300_000);

  it("Maven's, as Maven does", async ({ skip }) => {
    if (spawnSync("java", ["-version"]).status !== 0) skip("this machine has no java");
    const root = await debianPackage("libmaven3-core-java", ["libcommons-lang3-java"]);
    const jars = ["maven-artifact-3.x.jar", "commons-lang3.jar"]
      .map((jar) => join(root, "usr/share/java", jar))
      .join(":");
    const pieces = ["1", ".0", "-1", "alpha", "-rc", ".Final", "-SNAPSHOT", "sp", ".2", "-x", "b2", ".10"];
    const pairs = pairsOf(pieces, /^[0-9](?!.*Final.)[0-9A-Za-z.-]*$/, 30);
    const main = "org.apache.maven.artifact.versioning.ComparableVersion";
    // It compares each with the one before. Its versions differ on words behind a point that are not the last.
    const said = execFileSync("java", ["-cp", jars, main, ...pairs.flat()], { encoding: "utf8" });
    const lines = said.split("\n").filter((line) => / (?:<|==|>) /.test(line));
    const answers = lines
      .filter((_, at) => at % 2 === 0)
      .map((line) => (line.includes(" < ") ? "-1" : line.includes(" > ") ? "1" : "0"));
    expectSame("maven", pairs, answers.join("\n"));
  }, 300_000);
});
