import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createScratch } from "./scratch.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "scratch-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const program = (rest: string): string[] => [
  "--input-type=module-typescript",
  "-e",
  `import { createScratch } from ${JSON.stringify(new URL("./scratch.ts", import.meta.url).href)};
   const scratch = createScratch(${JSON.stringify(root)});
   console.log(scratch.folder); ${rest}`,
];

it("is private, and gone at the end with all that is in it", () => {
  const scratch = createScratch(root);
  expect(statSync(scratch.folder).mode & 0o777).toBe(0o700);
  writeFileSync(join(scratch.folder, "1"), "x");
  scratch.remove();
  expect(readdirSync(root)).toEqual([]);
});

it("is removed at the next start when its owner was killed", () => {
  let left = "";
  try {
    execFileSync(process.execPath, program("process.kill(process.pid, 'SIGKILL');"), { encoding: "utf8" });
  } catch (error) {
    left = error instanceof Error && "stdout" in error ? String(error.stdout).trim() : "";
  }
  expect(existsSync(left)).toBe(true);
  const scratch = createScratch(root);
  expect(existsSync(left)).toBe(false);
  scratch.remove();
});

it("is left alone while its owner lives", async () => {
  const child = execFile(process.execPath, program("setInterval(() => {}, 1000);"));
  const { promise, resolve } = Promise.withResolvers<string>();
  child.stdout?.on("data", (text: string) => resolve(text.trim()));
  const other = await promise;
  const [first, second] = [createScratch(root), createScratch(root)];
  expect([other, first.folder, second.folder].every((folder) => existsSync(folder))).toBe(true);
  child.kill("SIGKILL");
  first.remove();
  second.remove();
});

it("leaves alone what is not its own, whatever its owner's number", () => {
  for (const name of ["code", "parser-00000000-1-abcdef", "parser-x", "notes.txt"])
    mkdirSync(join(root, name));
  createScratch(root).remove();
  expect(readdirSync(root).sort()).toEqual(["code", "notes.txt", "parser-00000000-1-abcdef", "parser-x"]);
});

it("says so when it cannot be made", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => createScratch(join(root, "file", "below"))).toThrow(
    expect.objectContaining({ code: "world.home" }),
  );
});
