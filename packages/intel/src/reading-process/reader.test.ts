import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findIsolation } from "@sallyport/cage";
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from "vitest";
import type { Fact } from "../fact.ts";
import type { SkippedRow } from "../source.ts";
import { hostile } from "./hostile-reading.fixture.ts";
import { cagedReader } from "./reader.ts";

const MEBIBYTE = 1024 * 1024;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reading-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const readerFor = (options: { milliseconds?: number; maxMemoryBytes?: number } = {}) =>
  cagedReader({
    clock: { now: () => new Date("2026-11-25T00:00:00Z") },
    scratchRoot: join(folder, "scratch"),
    maxMemoryBytes: options.maxMemoryBytes ?? 512 * MEBIBYTE,
    ...(options.milliseconds !== undefined && { limits: { milliseconds: options.milliseconds } }),
    entry: new URL("./hostile-reading.fixture.ts", import.meta.url),
  });

const fileSaying = (text: string) => {
  writeFileSync(join(folder, "feed"), text);
  return [{ name: "feed", path: join(folder, "feed") }];
};

const skipped: SkippedRow[] = [];
const begin = (text: string, options = {}) =>
  readerFor(options).read(hostile, fileSaying(text), (row) => skipped.push(row));

async function readAll(text: string, options = {}): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of (await begin(text, options)).facts) facts.push(fact);
  return facts;
}

it("hands on every fact in order, with the data's own date before them", async () => {
  const reading = await begin("facts:20000");
  expect(reading.asOf).toBe("2026-01-02T00:00:00.000Z");
  let count = 0;
  for await (const fact of reading.facts) {
    expect(fact).toMatchObject({ indicator: { value: `host-${count}.invalid` } });
    count += 1;
  }
  expect(count).toBe(20000);
  expect(readdirSync(join(folder, "scratch"))).toEqual([]);
});

it("ends the process when nobody takes its facts any more", async () => {
  const { facts } = await begin("facts:100000000");
  for await (const fact of facts) {
    expect(fact.kind).toBe("indicator");
    break;
  }
});

it("ends when nobody takes a single fact", async () => {
  const { facts } = await begin("facts:300000");
  await facts[Symbol.asyncIterator]().return?.();
  const isOver = () => expect(readdirSync(join(folder, "scratch"))).toEqual([]);
  await vi.waitFor(isOver, { timeout: 15_000, interval: 50 });
});

it("tells of a row that does not count", async () => {
  skipped.length = 0;
  expect(await readAll("skip")).toHaveLength(1);
  expect(skipped).toEqual([{ file: "feed", line: 3, because: "has no name" }]);
});

it("says what has to be fetched next", async () => {
  expect(await readerFor().follow(hostile, fileSaying("facts:1"))).toEqual([
    { name: "next", url: "https://feed.example/next", maxBytes: 10 },
  ]);
});

describe("a source that fails or is taken over", () => {
  it("fails with file and line", async () => {
    await expect(readAll("fail")).rejects.toMatchObject({
      code: "feed.malformed",
      message: "feed.json:7: is not a date",
    });
  });

  it.each([
    ["says nothing for too long", "spin", { milliseconds: 100 }, /longer than/],
    ["takes more memory than it may", "memory", { maxMemoryBytes: 256 * MEBIBYTE }, /256 MiB of memory/],
  ])("is ended when it %s", async (_what, text, options, message) => {
    await expect(readAll(text, options)).rejects.toMatchObject({
      code: "feed.over-limit",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ["dies", "bug"],
    ["reads a file of the machine's", "read:/etc/passwd"],
  ])("is not believed when it %s", async (_what, text) => {
    await expect(readAll(text)).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringMatching(/ended before it was done/),
    });
  });

  it.each([
    '{"type"',
    '{"type":"fact","fact":{"kind":"indicator","indicator":{"kind":"domain","value":7,"title":"x","references":[]}}}',
    '{"type":"fact","fact":{"kind":"other"}}',
    '{"type":"fact","fact":{"kind":"__proto__"}}',
    '{"type":"fact"}',
    '{"type":"nonsense"}',
    "null",
  ])("is not believed when it says %s", async (line) => {
    await expect(readAll(`lie:${line}`)).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringMatching(/is not believed/),
    });
  });

  it("reaches no server", async (context: TestContext) => {
    if (!findIsolation().networkCut) context.skip("this machine does not let the network be cut");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await expect(readAll(`connect:${port}`)).rejects.toMatchObject({ code: "feed.malformed" });
    server.close();
  });
});
