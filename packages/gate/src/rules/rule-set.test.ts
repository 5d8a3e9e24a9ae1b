import { Budget, type ByteSource, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { compileRules, type ScanRequest } from "./rule-set.ts";
import { readScan } from "./scan-result.ts";

const externals = { filename: "a.dll", filepath: "app", extension: ".dll", filetype: "PE", owner: "" };
const request: ScanRequest = { externals, budget: new Budget(), maxHeldBytes: 256 * 1024 * 1024 };
const ASKING = { mostHits: 10, mayAskExternals: true };
const compile = (text: string) => compileRules([{ namespace: "test", text }], ASKING);

describe("compileRules", () => {
  it("tells which rules match, where, and what they say of themselves", async () => {
    const rules = await compile(
      'rule One { meta: description = "first" level = 3 strings: $a = "needle" $b = "none" condition: any of them }',
    );
    expect(await rules.scan(new MemorySource(Buffer.from("a needle, a needle")), request)).toEqual([
      {
        rule: "One",
        namespace: "test",
        metadata: { description: "first", level: "3" },
        hits: [{ pattern: "$a", offsetBytes: 2, lengthBytes: 6 }],
      },
    ]);
    expect(await rules.scan(new MemorySource(Buffer.from("nothing")), request)).toEqual([]);
  });

  it("tells rules what the file is", async () => {
    const rules = await compile(
      'rule One { condition: filename == "a.dll" and filepath == "app" and extension == ".dll" and filetype == "PE" and owner == "" }',
    );
    expect(await rules.scan(new MemorySource(Buffer.from("x")), request)).toHaveLength(1);
  });

  it("keeps equal names of two files apart", async () => {
    const sources = ["one", "two"].map((namespace) => ({
      namespace,
      text: "rule Same { condition: filesize > 0 }",
    }));
    const matches = await (await compileRules(sources, ASKING)).scan(
      new MemorySource(Buffer.from("x")),
      request,
    );
    expect(matches.map(({ namespace }) => namespace)).toEqual(["one", "two"]);
  });

  it("refuses what does not compile, with the place", async () => {
    await expect(compile("rule One { condition: nosuch }")).rejects.toThrow(/nosuch[\s\S]*1:23/);
  });

  it("searches in windows what may not be held whole, across their seams, and once", async () => {
    const rules = await compile('rule One { strings: $a = "needle" condition: $a }');
    const megabyte = 1024 * 1024;
    for (const offset of [0, 32 * megabyte - 3, 31 * megabyte + 2, 62 * megabyte, 70 * megabyte - 6]) {
      const source = sparse(70 * megabyte, offset, "needle");
      const matches = await rules.scan(source, { ...request, maxHeldBytes: 40 * megabyte });
      expect(matches.map(({ hits }) => hits[0]?.offsetBytes)).toEqual([offset]);
    }
  });

  it("stops between windows when the time is up", async () => {
    const rules = await compile('rule One { strings: $a = "needle" condition: $a }');
    const budget = new Budget({ entries: 1, bytes: 1, depth: 1, milliseconds: -1 });
    await expect(
      rules.scan(new MemorySource(Buffer.from("x")), { ...request, budget }),
    ).rejects.toMatchObject({
      code: "artifact.over-limit",
    });
  });
});

describe("readScan", () => {
  it.each([undefined, null, 7, {}, { valid: false, matches: [] }, { valid: true }])(
    "takes %j for a scan that did not finish",
    (result) => {
      expect(() => readScan(result, 0)).toThrow("did not finish");
    },
  );

  it("reads no more than it needs of an answer that is odd", () => {
    const patterns = [7, { identifier: "$a", matches: [{ offset: "x", length: 1 }] }, { matches: "none" }];
    expect(readScan({ valid: true, matches: [3, { identifier: 9, patterns, metadata: "no" }] }, 0)).toEqual([
      { rule: "", namespace: "", metadata: {}, hits: [] },
    ]);
  });
});

/** Zeros, and one text somewhere among them. */
function sparse(sizeBytes: number, offset: number, text: string): ByteSource {
  return {
    sizeBytes,
    async read(at, length) {
      const bytes = Buffer.alloc(Math.min(length, sizeBytes - at));
      for (let index = 0; index < text.length; index += 1) {
        const place = offset + index - at;
        if (place >= 0 && place < bytes.length) bytes[place] = text.charCodeAt(index);
      }
      return bytes;
    },
    async *stream() {},
  };
}
