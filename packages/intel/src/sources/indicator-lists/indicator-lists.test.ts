import { gzipSync } from "node:zlib";
import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { indicatorLists } from "./index.ts";
import { sample } from "./sample.fixture.ts";

async function read(text: string | Uint8Array, name = "list.txt") {
  const skipped: SkippedRow[] = [];
  const skip = (row: SkippedRow) => skipped.push(row);
  const files = [{ name, source: new MemorySource(Buffer.from(text as string)) }];
  const context = { budget: new Budget(), now: new Date(0), scratchFolder: "", skip };
  const facts = [];
  for await (const fact of indicatorLists.read(files, context))
    if (fact.kind === "indicator") facts.push(fact.indicator);
  return { facts, skipped };
}
const values = async (text: string) => (await read(text)).facts.map(({ kind, value }) => `${kind} ${value}`);
const MD5 = "1234567890abcdef".repeat(2);
const SHA256 = MD5.repeat(2);

describe("indicator-lists", () => {
  it("reads a list with its title and what stands beside a value", async () => {
    const { facts, skipped } = await read(sample["bad-things.txt"] ?? "");
    expect(facts).toEqual([
      { kind: "domain", value: "evil.example", title: "Example report", references: [] },
      { kind: "sha256", value: "ab12".repeat(16), title: "Example report: loader.exe", references: [] },
      { kind: "url", value: "https://files.evil.example/a.php", title: "Example report", references: [] },
    ]);
    expect(skipped).toEqual([]);
  });

  it.each<[string, string]>([
    [MD5, `md5 ${MD5}`],
    [`${MD5}12345678`, `sha1 ${MD5}12345678`],
    [SHA256.toUpperCase(), `sha256 ${SHA256}`],
    [`SHA256,${SHA256},a loader`, `sha256 ${SHA256}`],
    [`"${SHA256}","a loader"`, `sha256 ${SHA256}`],
    [`loader.exe;${MD5}`, `md5 ${MD5}`],
    ["0.0.0.0 evil.example", "domain evil.example"],
    ["||evil.example^", "domain evil.example"],
    ["*.evil.example", "domain evil.example"],
    ["evil(.)example", "domain evil.example"],
    ["evil[dot]example", "domain evil.example"],
    ["bücher.example", "domain xn--bcher-kva.example"],
    ["evil.example. # seen in May", "domain evil.example"],
    ["hxxp[:]//evil[.]example/x", "url http://evil.example/x"],
    ["URL,evil[.]example,C2", "domain evil.example"],
    ["evil.example/path", "url http://evil.example/path"],
    ["203.0.113[.]5", "ip-address 203.0.113.5"],
    ["2001:db8::5", "ip-address 2001:db8::5"],
    ["00:85:38:A6:C5:01:8F:50:FC", "certificate-serial 8538a6c5018f50fc"],
    [
      "1B:66:11:DF:9C:9A:4D:6E:CC:8E:D5:0C:9B:91:78:73",
      "certificate-serial 1b6611df9c9a4d6ecc8ed50c9b917873",
    ],
    [`serial,${MD5}`, `certificate-serial ${MD5}`],
    [`Certificate Serial\t0x${MD5}`, `certificate-serial ${MD5}`],
    [`authentihash,${SHA256}`, `signed-content ${SHA256}`],
  ])("reads %j", async (line, expected) => {
    expect(await values(line)).toEqual([expected]);
  });

  it("holds one kind where it says so", async () => {
    expect(await values(`# indicators: certificate-serial, Example\n${MD5}\n00 85 38 a6 c5`)).toEqual([
      `certificate-serial ${MD5}`,
      "certificate-serial 8538a6c5",
    ]);
    expect(await values("# indicators: text\nA mark, of theirs")).toEqual(["text A mark, of theirs"]);
  });

  it.each([
    "hello world",
    "setup.exe",
    "localhost",
    "co.uk",
    "10.0.0.0/8",
    "abc",
    "01:02:03",
    "serial,01",
    `sha256,${MD5}`,
    "sha1",
  ])("tells of %j with its line", async (line) => {
    const { facts, skipped } = await read(`evil.example\n${line}\n`);
    expect(facts).toHaveLength(1);
    expect(skipped).toEqual([{ file: "list.txt", line: 2, because: expect.stringMatching(/./) }]);
  });

  it("passes over comments, empty lines and the heading of its columns", async () => {
    const { facts, skipped } = await read("# a\n; b\n// c\n\nIndicator,Data,Note\nDomain,evil.example,x\r\n");
    expect(facts.map(({ title }) => title)).toEqual(["list.txt: x"]);
    expect(skipped).toEqual([]);
  });

  it("knows its files by what they say of themselves, and no list of good files", () => {
    const knows = (name: string, head = "") => indicatorLists.recognises?.(name, Buffer.from(head));
    expect(knows("iocs.csv")).toBe(true);
    expect(knows("list.txt", "# indicators: domain")).toBe(true);
    expect(knows("SHA256SUMS", `${SHA256}  good.exe`)).toBe(false);
    expect(knows("notes.txt", "evil.example")).toBe(false);
  });
});

describe("hostile lists", () => {
  it("reads a list that is cut anywhere, or says where it is damaged", async () => {
    const whole = sample["bad-things.txt"] ?? Buffer.alloc(0);
    for (let cut = 0; cut < whole.length; cut += 1) await read(whole.subarray(0, cut));
    const packed = gzipSync(whole);
    for (let cut = 12; cut < packed.length; cut += 3)
      await expect(read(packed.subarray(0, cut), "list.txt.gz")).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("says that a file is not UTF-8, and that a line is too long", async () => {
    await expect(read(Buffer.from([0x61, 0x0a, 0xff, 0xfe]))).rejects.toMatchObject({
      code: "feed.malformed",
    });
    await expect(read("a".repeat(2 * 1024 * 1024))).rejects.toMatchObject({ code: "feed.over-limit" });
  });

  it("is quick over lines that mean nothing", async () => {
    for (const piece of ["a.", "a:", "[.]", "0", ",", "\0"]) await read(`${piece.repeat(100_000)}\n`);
  });

  it("keeps the same value twice as two facts, with both titles", async () => {
    expect((await read("evil.example # a\nevil.example # b")).facts.map(({ title }) => title)).toEqual([
      "list.txt: a",
      "list.txt: b",
    ]);
  });
});
