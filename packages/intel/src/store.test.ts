import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { openIntel } from "./intel.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
const open = () => openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
const loadOf = (id: string, digest = "00") => ({
  source: {
    ...{ id, title: id, licence: "MIT", authority: "public" as const },
    ...{ answers: ["indicator", "witness"] as const, staleAfterDays: 30 },
  },
  ...{ fetchedAt: clock.now(), sha256: digest.repeat(32), files: [] },
});
const hashOf = (row: number) => row.toString(16).padStart(64, "0");
function* rows(from: number, to: number): Generator<Fact> {
  for (let row = from; row < to; row += 1) {
    yield {
      kind: "indicator",
      indicator: { kind: "sha256", value: hashOf(row), title: "A", references: [] },
    };
    yield { kind: "witness", witness: { sha256: hashOf(row), packageId: `P${row % 50}`, version: `${row}` } };
  }
}
const known = async (row: number) => {
  const intel = await open();
  const answers = intel.answers();
  const indicators = await answers.indicators([{ kind: "sha256", value: hashOf(row) }]);
  const { agree } = await answers.witnesses(hashOf(row), { identifiers: [] });
  intel.close();
  return [indicators.length, agree.length];
};

it("keeps the last good facts when the process is killed while it loads, wherever it is", async () => {
  const intel = await open();
  await intel.load(loadOf("list"), { facts: rows(0, 200) });
  intel.close();
  const script = `import { openIntel } from ${JSON.stringify(new URL("./intel.ts", import.meta.url).href)};
    const clock = { now: () => new Date() };
    const intel = await openIntel({ file: process.argv[1], clock, sources: [] });
    const facts = function* () {
      for (let row = 200; row < 60000; row += 1) {
        if (row === 300) console.log("reading");
        yield { kind: "witness", witness: { sha256: row.toString(16).padStart(64, "0"), packageId: "P" + row, version: "1" } };
      }
      console.log("read");
    };
    await intel.load({ ...JSON.parse(process.argv[2]), fetchedAt: new Date() }, { facts: facts() });`;
  for (const until of ["reading", "read\n"]) {
    const args = [
      "--input-type=module",
      "-e",
      script,
      join(folder, "intel.db"),
      JSON.stringify(loadOf("list")),
    ];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    for await (const text of child.stdout) {
      said += String(text);
      if (said.includes(until)) break;
    }
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(await known(7)).toEqual([1, 1]);
    expect(await known(300)).toEqual([0, 0]);
  }
});

it("loads two sources at once, and the same source twice at once", async () => {
  const [one, two] = [await open(), await open()];
  await Promise.all([
    one.load(loadOf("a"), { facts: rows(0, 2000) }),
    two.load(loadOf("b"), { facts: rows(1000, 3000) }),
    one.load(loadOf("c", "11"), { facts: rows(0, 500) }),
    two.load(loadOf("c", "22"), { facts: rows(0, 500) }),
  ]);
  expect(one.snapshots().map(({ source, rows: count }) => [source, count])).toEqual([
    ["a", 4000],
    ["b", 4000],
    ["c", 1000],
  ]);
  one.close();
  two.close();
  expect(await known(1500)).toEqual([2, 2]);
  expect(await known(100)).toEqual([2, 2]);
});

it("refuses a fact that is larger than a fact may be, and keeps what it had", async () => {
  const intel = await open();
  await intel.load(loadOf("list"), { facts: rows(0, 10) });
  const large: Fact = { kind: "rule", name: "large", text: "x".repeat(9 * 1024 * 1024) };
  await expect(intel.load(loadOf("list"), { facts: [large] })).rejects.toMatchObject({
    code: "feed.over-limit",
  });
  const identifiers = Array.from({ length: 3000 }, (_, at) => ({
    kind: "bundle-id" as const,
    value: `example.${at}`,
  }));
  const many: Fact = {
    kind: "lifecycle",
    about: { identifiers, scheme: "generic", versions: "all" },
    lifecycle: { product: "Many" },
  };
  await expect(intel.load(loadOf("list"), { facts: [many] })).rejects.toMatchObject({
    code: "feed.over-limit",
  });
  const long: Fact = { kind: "witness", witness: { sha256: hashOf(1), packageId: "P".repeat(5000) } };
  await expect(intel.load(loadOf("list"), { facts: [long] })).rejects.toMatchObject({
    code: "feed.over-limit",
  });
  intel.close();
  expect(await known(7)).toEqual([1, 1]);
});

it("takes hostile texts for texts", async () => {
  const intel = await open();
  const names = ["'; DROP TABLE fact; --", "%", "_", "__proto__", "a\u0000b", "\ud800", "é", "\u202e"];
  const facts = names.map(
    (value): Fact => ({
      kind: "indicator",
      indicator: { kind: "text", value, title: value, references: [] },
    }),
  );
  await intel.load(loadOf("list"), { facts });
  const answers = intel.answers();
  for (const value of names.filter((name) => name.isWellFormed()))
    expect((await answers.indicators([{ kind: "text", value }])).map(({ fact }) => fact.title)).toEqual([
      value,
    ]);
  intel.close();
});
