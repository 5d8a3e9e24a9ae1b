/** Rules and comparisons: `check` beside `yara` with the same rules, and `diff` of two releases beside one `check`. @module */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { debianPackage, debianProgram } from "@sallyport/testkit";
import { behaviourSources } from "../packages/gate/src/rules/behaviours/compile.ts";
import { findSevenZip } from "./archives.ts";
import { demoBytes } from "./inputs.ts";
import { type Command, runOnce } from "./measure.ts";
import { nodeForWindows } from "./program.ts";
import { compare, type Figure, type Stage } from "./stage.ts";

const MEBIBYTE = 1024 ** 2;
const MOST_BYTES = 700 * MEBIBYTE;
const TREE_FILES = 300;

export async function measureReleases(stage: Stage): Promise<readonly Figure[]> {
  const { folder, rounds, sallyport } = stage;
  const yara = await yaraWithOurRules(folder);
  const program = await nodeForWindows();
  const zipped = join(folder, "zipped");
  writeDemoTree(zipped);
  const zip = await pack(zipped, join(folder, "demo.zip"));
  const tree = join(folder, "tree-1.0.0");
  const next = join(folder, "tree-1.0.1");
  await writeAppTree(tree);
  writeNextRelease(tree, next);
  const [old, fresh] = [await pack(tree, `${tree}.zip`), await pack(next, `${next}.zip`)];
  const beside = { rounds, mostTimes: 1.5 };
  const rows: Figure[] = [];
  for (const [what, file, unpacked] of [
    ["node.exe (90 MB)", program, program],
    ["a zip of 100 MB", zip, zipped],
    ["an app's tree (300 files, 300 MB) in a zip", old, tree],
  ] as const)
    rows.push(
      await compare(
        `\`check\` of ${what}, all rules asked`,
        { ours: sallyport("check", file), theirs: yara(unpacked), name: "yara on the unpacked files" },
        beside,
      ),
    );
  rows.push(
    await compare(
      "`diff` of two such trees, every file different",
      { ours: sallyport("diff", old, fresh), theirs: sallyport("check", fresh), name: "one `check`" },
      { rounds, mostTimes: 2 },
    ),
    await memoryOf("`check` of an app's tree", sallyport("check", old)),
    await memoryOf("`diff` of two such trees", sallyport("diff", old, fresh)),
  );
  return rows;
}

async function memoryOf(what: string, command: Command): Promise<Figure> {
  const { peakBytes, seconds } = await runOnce(command, { sampleMemory: true });
  const mebibytes = `${Math.round(peakBytes / MEBIBYTE)} MiB`;
  return {
    what: `memory of all processes: ${what}`,
    ours: `${mebibytes} in ${seconds.toFixed(1)} s`,
    beside: "–",
    result: mebibytes,
    aim: "≤ 700 MiB",
    holds: peakBytes <= MOST_BYTES,
  };
}

/** Debian's `yara`, with our rules in one file. It takes as many threads as there are processors. */
async function yaraWithOurRules(folder: string): Promise<(path: string) => Command> {
  const { path: program, env } = await debianProgram("yara", {
    file: "usr/bin/yara",
    needs: ["libyara9", "libjansson4", "libmagic1", "libssl3"],
  });
  const rules = join(folder, "behaviours.yar");
  writeFileSync(
    rules,
    behaviourSources()
      .map(({ text }) => text)
      .join("\n"),
  );
  return (path) => ({ program, args: ["-w", "-r", rules, path], env });
}

/** 100 MB that no rule knows. */
function writeDemoTree(folder: string): void {
  mkdirSync(folder);
  for (let index = 0; index < 200; index += 1)
    writeFileSync(join(folder, `file-${index}.bin`), demoBytes(512 * 1024, index));
}

/** Debian's Chromium and scripts of Playwright: what an app with a browser inside brings. */
async function writeAppTree(folder: string): Promise<void> {
  const chromium = await debianPackage("chromium");
  cpSync(join(chromium, "usr/lib/chromium"), folder, { recursive: true, dereference: true });
  const scripts = resolve(import.meta.dirname, "../node_modules/playwright-core/lib");
  const missing = TREE_FILES - filesIn(folder).length;
  for (const [index, file] of filesIn(scripts).slice(0, missing).entries())
    cpSync(
      file,
      join(folder, "resources", "app", `${index}-${relative(scripts, file).replaceAll("/", "-")}`),
    );
}

/** The same files, each with some other bytes at its end. */
function writeNextRelease(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  for (const file of filesIn(to)) {
    const bytes = readFileSync(file);
    const at = Math.max(0, bytes.length - 64);
    for (let offset = at; offset < bytes.length; offset += 1)
      if (bytes[offset] === 0x31) bytes[offset] = 0x32;
    writeFileSync(file, Buffer.concat([bytes, Buffer.from("\n")]));
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

async function pack(folder: string, zip: string): Promise<string> {
  execFileSync(await findSevenZip(), ["a", "-tzip", "-mx=5", zip, "."], { cwd: folder, stdio: "ignore" });
  return zip;
}
