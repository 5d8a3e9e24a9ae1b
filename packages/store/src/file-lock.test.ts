import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tryFileLock } from "./file-lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("is had by one at a time, also within a process", () => {
  const file = join(folder, "deep", "lock");
  const first = tryFileLock(file);
  expect(first).toBeDefined();
  expect(tryFileLock(file)).toBeUndefined();
  first?.release();
  const second = tryFileLock(file);
  expect(second).toBeDefined();
  second?.release();
});

it("is free again when its owner was killed", async () => {
  const file = join(folder, "lock");
  const module = JSON.stringify(new URL("./file-lock.ts", import.meta.url).href);
  const program = `import { tryFileLock } from ${module};
    globalThis.lock = tryFileLock(${JSON.stringify(file)}); console.log("held"); setInterval(() => {}, 1000);`;
  const owner = execFile(process.execPath, ["--input-type=module-typescript", "-e", program]);
  await once(owner.stdout ?? owner, "data");
  expect(tryFileLock(file)).toBeUndefined();
  owner.kill("SIGKILL");
  await once(owner, "close");
  const lock = tryFileLock(file);
  expect(lock).toBeDefined();
  lock?.release();
});

it("says so when it cannot be made, or is something else", () => {
  writeFileSync(join(folder, "file"), "no database at all, but a text of some length\n".repeat(30));
  expect(() => tryFileLock(join(folder, "file", "lock"))).toThrow(
    expect.objectContaining({ code: "world.home" }),
  );
  expect(() => tryFileLock(join(folder, "file"))).toThrow(expect.objectContaining({ code: "world.store" }));
});
