import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findIsolation } from "@sallyport/cage";
import { DEFAULT_LIMITS, type Limits } from "@sallyport/core";
import { afterEach, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { type ParserResult, runParser } from "./parser-process.ts";

const MEBIBYTE = 1024 * 1024;
const entry = new URL("./hostile-parser.fixture.ts", import.meta.url);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "parser-process-"));
  mkdirSync(join(folder, "scratch"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  text: string,
  options: { limits?: Partial<Limits>; maxMemoryBytes?: number } = {},
): Promise<ParserResult> {
  writeFileSync(join(folder, "artifact"), text);
  const descriptor = openSync(join(folder, "artifact"), "r");
  try {
    return await runParser({
      request: {
        limits: { ...DEFAULT_LIMITS, ...options.limits },
        trust: { anchors: [], revocationLists: [], hash: "" },
        now: new Date(0),
        brought: { label: "", signatures: [], keys: [] },
        scratchFolder: join(folder, "scratch"),
        maxHeldBytes: 16 * MEBIBYTE,
      },
      descriptor,
      maxMemoryBytes: options.maxMemoryBytes ?? 512 * MEBIBYTE,
      entry,
    });
  } finally {
    closeSync(descriptor);
  }
}

const lastOf = ({ evidence }: ParserResult) => evidence.at(-1);
const said = ({ evidence }: ParserResult, path: string) =>
  evidence.find((item) => item.path === path)?.because;

describe("a parser that takes too much", () => {
  it("is killed over its memory, names the member, and what was seen before stays", async () => {
    const result = await run("hostile:memory", { maxMemoryBytes: 256 * MEBIBYTE });
    expect(lastOf(result)).toEqual({
      source: "gate/checks/opened",
      kind: "content",
      outcome: "unknown",
      path: "deep",
      because: "not opened: reading it needs more than the 256 MiB of memory it may have",
      facts: { code: "artifact.over-limit", limit: "memory", allowed: 256 * MEBIBYTE },
    });
    expect(result.rootFormat).toBe("hostile");
    expect(result.members.map(({ path }) => path)).toEqual(["before"]);
  });

  it("is sent away when it lingers after its last word, which counts", async () => {
    const result = await run("hostile:linger");
    expect(result.members.map(({ path }) => path)).toEqual(["before"]);
    expect(result.evidence.map(({ facts }) => facts.code)).not.toContain("parser.ended");
  });

  it("is ended when its heap is full", async () => {
    const result = await run("hostile:heap", { maxMemoryBytes: 400 * MEBIBYTE });
    expect(lastOf(result)).toMatchObject({ outcome: "unknown", path: "deep" });
  });

  it("is killed when its time is up, even while it answers nothing", async () => {
    const result = await run("hostile:spin", { limits: { milliseconds: 300 } });
    expect(lastOf(result)).toMatchObject({
      outcome: "unknown",
      path: "deep",
      facts: { limit: "milliseconds", allowed: 300 },
    });
  });
});

describe("a parser that breaks", () => {
  it.each(["crash", "leave"])("by %s is unknown, and what was seen before stays", async (act) => {
    const result = await run(`hostile:${act}`);
    expect(lastOf(result)).toMatchObject({
      outcome: "unknown",
      path: "deep",
      facts: { code: "parser.ended" },
    });
    expect(result.members.map(({ path }) => path)).toEqual(["before"]);
  });
});

describe("a parser that lies", () => {
  it.each(["nonsense", "endless", "vocabulary", "twice", "end"])("with %s is not believed", async (act) => {
    const result = await run(`hostile:${act}`);
    expect(lastOf(result)).toMatchObject({ outcome: "unknown", facts: { code: "parser.lied" } });
  });
});

describe("a parser that was taken over", () => {
  it("reads and writes no file outside, and sees no environment", async () => {
    const outside = join(folder, "secret");
    writeFileSync(outside, "secret");
    const result = await run(`hostile:files:${outside}`);
    expect(said(result, "read")).toBe("ERR_ACCESS_DENIED");
    expect(said(result, "write")).toBe("ERR_ACCESS_DENIED");
    expect(said(result, "environment")).toBe("done");
    expect(existsSync(`${outside}.new`)).toBe(false);
  });

  it("reaches no network", async (test: TestContext) => {
    if (!findIsolation().networkCut)
      return test.skip("this platform or user cannot give a process a network of its own");
    const server = createServer();
    const listening = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", listening.resolve);
    await listening.promise;
    const address = server.address();
    try {
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const result = await run(`hostile:network:${port}`);
      expect(said(result, "network")).toMatch(/^E(?:NETUNREACH|CONNREFUSED|HOSTUNREACH)$/);
    } finally {
      server.close();
    }
  });
});
