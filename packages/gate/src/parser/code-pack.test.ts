import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findCodePack, STAMP_FILE } from "./code-pack.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "code-pack-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const untilExists = async (path: string): Promise<void> => {
  for (let tries = 0; tries < 1200 && !existsSync(path); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
};

it("is made for the next time, and used until a module changes", async () => {
  expect(findCodePack(folder)).toBeUndefined();
  const stamp = join(folder, STAMP_FILE);
  await untilExists(stamp);
  expect(findCodePack(folder)).toBe(folder);
  expect(readdirSync(folder).sort()).toEqual(["code.json", "stamp.json"]);
  const modules = JSON.parse(readFileSync(stamp, "utf8"));
  writeFileSync(stamp, JSON.stringify([...modules.slice(1), [modules[0][0], 0, 0]]));
  expect(findCodePack(folder)).toBeUndefined();
  rmSync(stamp);
  await untilExists(stamp);
});

it("is done without by a process that keeps no compiled code", () => {
  expect(findCodePack(undefined)).toBeUndefined();
});
