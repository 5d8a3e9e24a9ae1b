import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPairs } from "../quiet/pair.ts";
import { techniques } from "./registry.ts";
import { readPackages } from "./select.ts";

it("holds every technique of the folder once", () => {
  const files = readdirSync(join(import.meta.dirname, "list")).map((file) => file.replace(/\.ts$/, ""));
  expect(techniques.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
});

it("names no host that exists, and no technique without its source", () => {
  for (const { shape, title, twinTitle } of techniques) {
    expect(shape.length).toBeGreaterThan(10);
    expect(title).not.toBe("");
    expect(twinTitle).not.toBe("");
  }
});

it("tries at least three real packages of each kind, none of them among the quiet pairs", async () => {
  const packages = await readPackages();
  const quiet = new Set((await readPairs()).map(({ name }) => name));
  expect(packages.filter(({ name }) => quiet.has(name))).toEqual([]);
  const count = (group: string, registry: string): number =>
    packages.filter((one) => one.group === group && one.registry === registry).length;
  expect([count("pe", "npm"), count("elf", "npm"), count("scripts", "npm"), count("asar", "npm")]).toEqual([
    3, 3, 3, 3,
  ]);
  expect([count("elf", "debian"), count("scripts", "debian"), count("mach-o", "npm")]).toEqual([3, 3, 6]);
});
