import { expect, it } from "vitest";
import { GROUPS, readPairs } from "./pair.ts";

const packages = await readPairs();
const count = (group: string): number => packages.filter((one) => one.group === group).length;

it("holds as many pairs of each kind as the rule says", () => {
  const counts = Object.fromEntries(GROUPS.map((group) => [group, count(group)]));
  expect(counts).toEqual({ pe: 26, "mach-o": 14, elf: 22, asar: 10, scripts: 16 });
});

it("pins every version by a hash", () => {
  for (const { registry, versions } of packages)
    for (const version of versions) {
      if (registry === "npm")
        expect(version).toMatchObject({ integrity: expect.stringMatching(/^sha512-.{86}==$/) });
      else expect(version).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    }
});

it("counts no package twice, and none without two different releases", () => {
  expect(new Set(packages.map(({ name }) => name)).size).toBe(packages.length);
  for (const { versions } of packages) {
    expect(versions.length).toBeGreaterThanOrEqual(2);
    expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length);
  }
});
