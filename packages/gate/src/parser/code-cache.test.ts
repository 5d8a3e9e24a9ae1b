import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lendCodeCache } from "./code-cache.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "code-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const untilExists = async (path: string): Promise<void> => {
  for (let tries = 0; tries < 600 && !existsSync(path); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
};

it("makes a cache for the next time, and hands out copies only", async () => {
  const kept = join(folder, "kept");
  mkdirSync(join(folder, "first"));
  expect(lendCodeCache(join(folder, "first"), kept)).toBeUndefined();
  await untilExists(kept);
  mkdirSync(join(folder, "second"));
  const copy = lendCodeCache(join(folder, "second"), kept);
  expect(copy).toBe(join(folder, "second", "code"));
  const before = readdirSync(kept, { recursive: true }).sort();
  expect(readdirSync(copy ?? "", { recursive: true }).sort()).toEqual(before);
  writeFileSync(join(copy ?? "", "planted"), "x");
  expect(readdirSync(kept, { recursive: true }).sort()).toEqual(before);
  expect(readdirSync(folder).filter((name) => name.startsWith("kept"))).toEqual(["kept"]);
});

it("does without in a process that keeps no compiled code", () => {
  expect(lendCodeCache(folder, undefined)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});
