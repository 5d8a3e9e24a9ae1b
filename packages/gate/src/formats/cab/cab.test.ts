import { readFile } from "node:fs/promises";
import { collect, corpusFile, NO_CORPUS, recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeCabinet } from "../../replica/cabinet.ts";
import { buildCabinet, FRAME_BYTES, fileOf, filling, lzxFolder, openCabinet } from "./cabinet.fixture.ts";
import { cab } from "./index.ts";
import { type LzxBlockKind, packLzx } from "./lzx.fixture.ts";

describe("cabinets", () => {
  const content = filling(100_001);

  it.each(["none", "mszip"] as const)("gives back every file of a cabinet (%s)", async (compression) => {
    const files = [
      { name: "docs\\read me.txt", content: Buffer.from("hello") },
      { name: "app.exe", content },
      { name: "empty", content: Buffer.alloc(0) },
      { name: "naïve.txt", content: Buffer.from("x") },
    ];
    const { members, findings } = await openCabinet(writeCabinet({ files, compression }));
    expect(findings).toEqual([]);
    expect([...members.keys()].sort()).toEqual(["app.exe", "docs/read me.txt", "empty", "naïve.txt"]);
    expect(members.get("app.exe")).toEqual(content);
  });

  it.each<[string, number, LzxBlockKind[], number, number]>([
    ["verbatim blocks", 15, ["verbatim"], 0, 20_001],
    ["aligned blocks", 21, ["aligned"], 0, 20_001],
    ["all kinds, crossing frames", 16, ["verbatim", "uncompressed", "aligned"], 0, 40_001],
    ["calls translated", 17, ["verbatim", "aligned"], 100_001, 33_000],
    ["one uncompressed block of odd length", 18, ["uncompressed"], 0, 100_001],
  ])("unpacks LZX: %s", async (_, windowBits, kinds, programBytes, blockBytes) => {
    const frames = packLzx({ content, windowBits, kinds, programBytes, blockBytes });
    const bytes = buildCabinet([lzxFolder(content, windowBits, frames)], [fileOf(content)]);
    const { members, findings } = await openCabinet(bytes);
    expect(findings).toEqual([]);
    expect(members.get("a.bin")).toEqual(content);
  });

  it("unpacks a folder once for two names of the same bytes", async () => {
    const frames = packLzx({ content, windowBits: 15, kinds: ["verbatim"] });
    const names = ["a", "b", "c"].map((name) => fileOf(content, name));
    const budget = testBudget();
    const { members, findings } = await openCabinet(
      buildCabinet([lzxFolder(content, 15, frames)], names),
      budget,
    );
    expect(findings).toEqual([]);
    expect([...members.values()].every((bytes) => content.equals(Buffer.from(bytes)))).toBe(true);
    expect(budget.spent.bytes).toBeLessThan(content.length + FRAME_BYTES);
  });

  it("calls its files as the installer around it does, and judges those names", async () => {
    const { context, findings } = recordingContext();
    const memberNames = new Map([["file1", "../escape.exe"]]);
    const bytes = writeCabinet({ files: [{ name: "file1", content: Buffer.from("x") }] });
    const names: string[] = [];
    for await (const member of cab.open?.(sourceOf(bytes), { ...context, memberNames }) ?? []) {
      names.push(member.name);
      await collect(member.content());
    }
    expect(names).toEqual(["../escape.exe"]);
    expect(findings).toMatchObject([{ check: "member-names", outcome: "fail", facts: { escapes: true } }]);
  });

  it("opens empty files as gcab packs them: one block counted, none written", async () => {
    const bytes = buildCabinet([{ type: 0, blocks: [] }], [fileOf(Buffer.alloc(0))]);
    bytes.writeUInt16LE(1, 40);
    const { members, findings } = await openCabinet(bytes);
    expect(members.get("a.bin")).toEqual(Buffer.alloc(0));
    expect(findings).toEqual([]);
  });

  it("says that Quantum cannot be opened", async () => {
    const folder = { type: 2, blocks: [{ packed: Buffer.from("x"), unpackedBytes: 1 }] };
    const { members, findings } = await openCabinet(buildCabinet([folder], [fileOf(Buffer.alloc(1))]));
    expect(members.size).toBe(0);
    expect(findings).toMatchObject([{ check: "opened", outcome: "unknown", member: "a.bin" }]);
  });
});

describe("cabinets made by others", () => {
  it.skipIf(corpusFile("jsign/mscab/sample1.cab") === undefined).each([
    ["jsign/mscab/sample1.cab", { "MORE.exe": 6942, "wineyes.exe": 40_960 }, 0],
    ["jsign/mscab/sample2-disk1.cab", {}, 3],
    ["jsign/mscab/sample2-disk2.cab", {}, 3],
    ["jsign/mscab/sample3.cab", { "MORE.exe": 6942 }, 0],
    ["jsign/mscab/sample4.cab", { "MORE.exe": 6942 }, 0],
    ["relic/packages/dummy.cab", { "dummy.wxs": 1186 }, 0],
    ["osslsigncode/unsigned.ex_", { "tests/sources/a": 2, "tests/sources/b": 2 }, 0],
  ])(`opens %s (${NO_CORPUS} when skipped)`, async (path, sizes, unopened) => {
    const { members, findings } = await openCabinet(await readFile(corpusFile(path) ?? ""));
    expect(Object.fromEntries([...members].map(([name, bytes]) => [name, bytes.length]))).toEqual(sizes);
    expect(findings.filter(({ check, outcome }) => check === "opened" && outcome === "unknown")).toHaveLength(
      unopened,
    );
    expect(findings).toHaveLength(unopened);
  });
});
