/** Our rules asked by another engine, and of programs that Debian ships. */

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Budget, MemorySource } from "@sallyport/core";
import { debianPackage, debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { behaviours as trait } from "../../traits/behaviours/index.ts";
import type { Behaving } from "../../traits/behaviours/observed.ts";
import { portraitOf } from "../../traits/trait.fixture.ts";
import { observed } from "../../traits/trait.ts";
import { behaviourRules } from "./compile.ts";
import { loadSample } from "./load-sample.fixture.ts";
import { behaviours } from "./registry.ts";

const run = promisify(execFile);
const NEEDS = ["libyara9", "libssl3", "libjansson4", "libmagic1", "libprotobuf-c1", "libmagic-mgc"];
const RULES = behaviours.map(({ id }) => join(import.meta.dirname, id, "rule.yar"));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-behaviours-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every sample, in a file that is named after its behaviour. */
async function writeSamples(): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const { id } of behaviours) {
    const { shows, lacks } = await loadSample(id);
    for (const [index, { bytes }] of [...shows, ...lacks].entries()) files.set(`${id}.${index}`, bytes);
  }
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return files;
}

describe.skipIf(!hasApt())(`another engine (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("finds with our rules what ours finds, in each sample", async () => {
    const files = await writeSamples();
    const { path, env } = await debianProgram("yara", { file: "usr/bin/yara", needs: NEEDS });
    const { stdout } = await run(path, ["-w", ...RULES, folder], { env });
    const theirs = stdout
      .trim()
      .split("\n")
      .map((line) => line.replace(`${folder}/`, ""))
      .sort();
    const rules = await behaviourRules();
    const ours: string[] = [];
    for (const [name, bytes] of files)
      for (const { rule } of await rules.scan(new MemorySource(bytes), {
        budget: new Budget(),
        maxHeldBytes: 1024 * 1024,
      }))
        ours.push(`${rule} ${name}`);
    expect(ours.sort()).toEqual(theirs);
  });
});

describe.skipIf(!hasApt())(`programs of Debian (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["strace", "usr/bin/strace", ["process-injection", "shellcode-loader"]],
    ["hello", "usr/bin/hello", []],
    ["busybox", "bin/busybox", []],
  ])("does what it is for: %s", async (name, file, expected) => {
    const bytes = await readFile(join(await debianPackage(name), file));
    const value = observed<Behaving>(await portraitOf([trait], { path: file, format: "elf", bytes }), trait);
    expect(value?.kind).toBe("program");
    const unusual = value?.does.filter(({ id }) =>
      behaviours.some(({ gained, ...one }) => one.id === id && /high|medium/.test(gained.program)),
    );
    expect(unusual?.map(({ id }) => id)).toEqual(expected);
  });
});
