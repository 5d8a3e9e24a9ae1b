/** The replay as a person runs it: a process, with a home and a folder for temporary files of its own. */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Decision } from "@sallyport/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failureOf } from "./three-cx.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

describe("replay 3cx", () => {
  let folder = "";
  let environment: NodeJS.ProcessEnv = {};
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sallyport-cli-replay-"));
    mkdirSync(join(folder, "temporary"));
    environment = {
      ...process.env,
      NO_COLOR: "1",
      SALLYPORT_HOME: join(folder, "home"),
      TMPDIR: join(folder, "temporary"),
      TEMP: join(folder, "temporary"),
      TMP: join(folder, "temporary"),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [MAIN, ...words], { env: environment, cwd: folder, encoding: "utf8" });
  const leftovers = () => readdirSync(join(folder, "temporary"));

  it("admits the first release, refuses the second for its hidden data, and leaves nothing behind", () => {
    const { status, stdout, stderr } = run("replay", "3cx");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^ADMIT {2}switchboard-18\.11\.1\.msi$/m);
    expect(stdout).toMatch(/^REFUSE {2}switchboard-18\.12\.1\.msi$/m);
    expect(stdout).toContain("(hidden-data)");
    expect(stdout).toContain("shadercompiler_47.dll");
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(folder, "home"))).toBe(false);
  });

  it("fits on two screens of 80×24, the verdict on the update and what to type next on the second", () => {
    const lines = linesOf(run("replay", "3cx").stdout);
    const second = lines.findIndex((line) => line.startsWith("── 2"));
    expect(second).toBeLessThanOrEqual(23);
    expect(lines.length - second).toBeLessThanOrEqual(23);
    expect(linesOf(run("replay", "3cx", "--keep", "replica").stdout).length).toBeLessThanOrEqual(47);
  });

  function linesOf(text: string): readonly string[] {
    const lines = text.trimEnd().split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    return lines;
  }

  it("keeps files with which the commands it names work", () => {
    const { stdout } = run("replay", "3cx", "--keep", "kept files");
    const commands = stdout
      .slice(stdout.indexOf("Your turn:"))
      .replaceAll(/ \\\n\s+/g, " ")
      .split("\n")
      .flatMap((line) => /\.[\\/]sallyport (.*)$/.exec(line)?.[1] ?? []);
    const outcomes = commands.map((command) => {
      const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, long, short]) => long ?? short ?? "");
      return { command: words[0], status: run(...words).status };
    });
    expect(outcomes).toEqual([
      { command: "inspect", status: 0 },
      { command: "check", status: 20 },
      { command: "receipt", status: 0 },
    ]);
    expect(leftovers()).toEqual([]);
  });

  it("says so when the folder to keep files in is a file", () => {
    writeFileSync(join(folder, "taken"), "");
    const { status, stderr } = run("replay", "3cx", "--keep", "taken");
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining("taken") });
    expect(leftovers()).toEqual([]);
  });

  it.skipIf(process.platform === "win32").each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("leaves nothing behind when %s ends it", async (signal, exitCode) => {
    const child = spawn(process.execPath, [MAIN, "replay", "3cx"], { env: environment });
    child.stdout.once("data", () => child.kill(signal));
    const ended = await new Promise((resolve) => child.on("close", resolve));
    expect(ended).toBe(exitCode);
    expect(leftovers()).toEqual([]);
  });

  it("leaves nothing behind when whoever reads it goes away", async () => {
    const child = spawn(process.execPath, [MAIN, "replay", "3cx"], { env: environment });
    child.stdout.once("data", () => child.stdout.destroy());
    await new Promise((resolve) => child.on("close", resolve));
    expect(leftovers()).toEqual([]);
  });
});

describe("what counts as a failed replay", () => {
  const outcome = (verdict: Decision["verdict"], ...policies: readonly string[]) => ({
    verdict,
    reasons: policies.map((policy) => ({ policy, verdict, because: "", evidence: [] })),
  });
  const admitted = outcome("admit", "accepted-signer");
  const refused = outcome("refuse", "hidden-data");

  it("is nothing when the first is admitted and the second refused for hidden data", () => {
    expect(failureOf(admitted, refused)).toBeUndefined();
  });

  it.each([
    ["a first release that is held", outcome("hold", "unopened"), refused],
    ["a second release that is admitted", admitted, admitted],
    ["a second release that is held", admitted, outcome("hold", "hidden-data")],
    ["a second release that is refused for something else", admitted, outcome("refuse", "digest-mismatch")],
  ])("is %s", (_, clean, trojanised) => {
    expect(failureOf(clean, trojanised)).toMatch(/release/);
  });
});
