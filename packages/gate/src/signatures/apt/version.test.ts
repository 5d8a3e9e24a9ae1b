import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { compareVersions } from "./version.ts";

/** In the order of deb-version(7). */
const VERSIONS = [
  "0~~",
  "0~",
  "0",
  "1.0~rc1",
  "1.0~rc1-1",
  "1.0",
  "1.0-0.1",
  "1.0-1",
  "1.0-1a",
  "1.0-1+b1",
  "1.0+dfsg-1",
  "1.0.1",
  "1.9",
  "1.10",
  "1.10a",
  "1:0.1",
  "2:0",
];

it("orders versions as Debian does", () => {
  for (const [left, a] of VERSIONS.entries())
    for (const [right, b] of VERSIONS.entries())
      expect(Math.sign(compareVersions(a, b)), `${a} and ${b}`).toBe(Math.sign(left - right));
});

it("agrees with dpkg", ({ skip }) => {
  if (spawnSync("dpkg", ["--version"]).error) skip("dpkg is not installed here");
  for (const a of VERSIONS.slice(2))
    for (const b of ["1.0-1", "1.9", "1:0", "1.0~", "1.0+b", "1.00", "01.0", "1.0-00"]) {
      const relation = compareVersions(a, b) < 0 ? "lt" : compareVersions(a, b) > 0 ? "gt" : "eq";
      expect(spawnSync("dpkg", ["--compare-versions", a, relation, b]).status, `${a} ${relation} ${b}`).toBe(
        0,
      );
    }
});
