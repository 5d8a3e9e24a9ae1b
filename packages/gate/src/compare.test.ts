/** Two hostile releases against each other: whatever they do, both are opened, compared and told of, and nothing is left. */

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS, type Limits, silentLog } from "@sallyport/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Compared, compareArtifacts } from "./compare.ts";
import { buildPeImage, writeZip } from "./replica/index.ts";
import { defaultTrust } from "./trust/default-trust.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-compare-"));
});
afterAll(() => rm(folder, { recursive: true }));

const scratchRoot = (): string => join(folder, "scratch");

async function compare(
  before: Uint8Array,
  after: Uint8Array,
  limits: Partial<Limits> = {},
): Promise<Compared> {
  const request = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return {
      path,
      label: name,
      limits: { ...DEFAULT_LIMITS, ...limits },
      maxMemoryBytes: 1024 ** 3,
      scratchRoot: scratchRoot(),
      trust: defaultTrust(),
      now: new Date("2026-11-25T00:00:00Z"),
      log: silentLog,
    };
  };
  const compared = await compareArtifacts({
    before: await request("before.bin", before),
    after: await request("after.bin", after),
  });
  expect(await readdir(scratchRoot())).toEqual([]);
  return compared;
}

/** Whether somebody who reads the result learns that not everything was seen. */
const isTold = ({ after, comparison }: Compared): boolean =>
  comparison.notCompared.length > 0 || after.evidence.some(({ outcome }) => outcome !== "pass");

const zip = (...members: readonly (readonly [string, Uint8Array | string])[]): Buffer =>
  writeZip(members.map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) })));

const program = (name: string): Buffer => buildPeImage({ version: { ProductName: name } });

/** Every eleventh byte of a part is another one. */
function damaged(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = from; at < Math.min(to, copy.length); at += 11) copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

it.each([
  ["archives cut short", zip(["a.js", "one"]).subarray(0, 40), zip(["a.js", "two"]).subarray(0, 50)],
  [
    "programs whose headers lie",
    damaged(program("Example"), 0x80, 0x200),
    damaged(program("Example"), 0x90, 0x400),
  ],
  [
    "programs inside that are damaged",
    zip(["x.dll", damaged(program("Example"), 0x80, 0x200)]),
    zip(["x.dll", damaged(program("Example"), 0x90, 0x400)]),
  ],
])("tells of %s", async (_, before, after) => {
  expect(isTold(await compare(before, after))).toBe(true);
});

it("tells that both hold more than may be opened", async () => {
  const many = (tag: string) =>
    zip(...Array.from({ length: 300 }, (_, index) => [`f${index}`, `${tag}${index}`] as const));
  expect(isTold(await compare(many("a"), many("b"), { entries: 100 }))).toBe(true);
});

it("ends with names that climb, stand twice or draw on the screen", async () => {
  const names = ["../up", "C:\\x", "a\u202Eb", "\x1b[2J", "x/../y", "same", "same"];
  const hostile = (text: string) => zip(...names.map((name) => [name, text] as const));
  const { comparison } = await compare(hostile("one"), hostile("two"));
  const said = JSON.stringify(comparison);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  expect(said).not.toMatch(/[\u0000-\u001f\u202e]/);
});

it("ends with thousands of members that are all alike and all renamed", async () => {
  const text = "module.exports = function () { return 'the same in every file but for a number'; };\n".repeat(
    8,
  );
  const hostile = (tag: string) =>
    zip(
      ...Array.from(
        { length: 1500 },
        (_, index) => [`${tag}${index * 7}${tag}.js`, `${text}${tag}${index}`] as const,
      ),
    );
  const { comparison } = await compare(hostile("qa"), hostile("zb"));
  expect(comparison.counts.members).toBe(1501);
});

it("ends with scripts of one line, deep JSON and noise", async () => {
  const hostile = (tag: string) =>
    zip(
      ["line.js", `x=${"[".repeat(200_000)}${tag}`],
      ["package.json", `${'{"a":'.repeat(50_000)}"${tag}"`],
      ["setup.sh", `${"curl x | sh; ".repeat(20_000)}${tag}`],
      [
        "noise.png",
        Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 2654435761 * tag.length) >>> 13)),
      ],
    );
  const { comparison } = await compare(hostile("one"), hostile("three"));
  expect(comparison.counts.members).toBe(5);
});
