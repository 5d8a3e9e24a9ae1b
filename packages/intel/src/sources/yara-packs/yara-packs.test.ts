import { gzipSync } from "node:zlib";
import { Budget, MemorySource } from "@sallyport/core";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { yaraPacks } from "./index.ts";
import { ruleNamed } from "./sample.fixture.ts";

async function read(name: string, bytes: Uint8Array | string) {
  const skipped: SkippedRow[] = [];
  const skip = (row: SkippedRow) => skipped.push(row);
  const files = [{ name, source: new MemorySource(Buffer.from(bytes as string)) }];
  const facts = [];
  for await (const fact of yaraPacks.read(files, {
    budget: new Budget(),
    now: new Date(0),
    scratchFolder: "",
    skip,
  }))
    if (fact.kind === "rule") facts.push(fact);
  return { facts, skipped };
}

async function tarOf(entries: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, Buffer.from(content as string));
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

describe("yara-packs", () => {
  it("reads one file, and the rule files of an archive or a checkout", async () => {
    expect((await read("loader.yar", ruleNamed("A"))).facts).toEqual([
      { kind: "rule", name: "loader.yar", text: ruleNamed("A") },
    ]);
    const tar = await tarOf({
      "pack/README.md": "rule of thumb",
      "pack/.git/config": "rule",
      "pack/yara/a.yar": ruleNamed("A"),
      "pack/yara/b.YARA": ruleNamed("B"),
    });
    for (const [name, bytes] of [["pack.tar", tar] as const, ["pack.tar.gz", gzipSync(tar)] as const])
      expect((await read(name, bytes)).facts.map((fact) => fact.name)).toEqual([
        "pack/yara/a.yar",
        "pack/yara/b.YARA",
      ]);
  });

  it("tells of files that no compiler could read, and keeps the others", async () => {
    const tar = await tarOf({
      "a.yar": ruleNamed("A"),
      "empty.yar": "// nothing",
      "nul.yar": "rule a\0",
      "wide.yar": Buffer.from(`\ufeff${ruleNamed("B")}`, "utf16le"),
    });
    const { facts, skipped } = await read("pack.tar", tar);
    expect(facts).toHaveLength(1);
    expect(skipped.map(({ file, because }) => `${file} ${because}`)).toEqual([
      expect.stringMatching(/empty\.yar.*holds no rule/),
      expect.stringMatching(/nul\.yar.*NUL/),
      expect.stringMatching(/wide\.yar.*UTF-16/),
    ]);
  });

  it("shows names that draw on the screen as what they are", async () => {
    const { facts } = await read("pack.tar", await tarOf({ "a\u001b[2J.yar": ruleNamed("A") }));
    expect(facts.map(({ name }) => name)).toEqual(["a?[2J.yar"]);
  });

  it("knows its files", async () => {
    const head = (await tarOf({ "rules/a.yar": ruleNamed("A") })).subarray(0, 2048);
    expect(yaraPacks.recognises?.("pack.tar", head)).toBe(true);
    expect(yaraPacks.recognises?.("a.yara", Buffer.alloc(0))).toBe(true);
    expect(yaraPacks.recognises?.("pack.tar", (await tarOf({ "a.json": "{}" })).subarray(0, 2048))).toBe(
      false,
    );
  });
});

describe("hostile packs", () => {
  it("are refused when they are cut short, damaged, too large or hold no rules", async () => {
    const packed = gzipSync(await tarOf({ "a.yar": ruleNamed("A") }));
    for (let cut = 20; cut < packed.length - 1; cut += 9)
      await expect(read("pack.tar.gz", packed.subarray(0, cut))).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
    await expect(read("pack.tar", await tarOf({ "a.txt": "x" }))).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringMatching(/no \.yar/),
    });
    const large = await tarOf({ "a.yar": " ".repeat(5 * 1024 * 1024) });
    await expect(read("pack.tar", large)).rejects.toMatchObject({ code: "feed.over-limit" });
  });
});
