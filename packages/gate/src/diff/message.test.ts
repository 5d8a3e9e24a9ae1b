import { describe, expect, it } from "vitest";
import type { FoundDifference } from "./comparison.ts";
import { readCompareMessage } from "./message.ts";

const difference: FoundDifference = {
  trait: "imports",
  rule: "new-group",
  risk: "high",
  because: "calls into something new",
  path: "a.dll",
  oldPath: "b.dll",
  memberCount: 2,
  paths: ["a.dll", "c.dll"],
  before: { offsetBytes: 12, hex: "00ff" },
  after: { text: "x" },
  facts: { group: "memory" },
};
const read = (value: unknown) => readCompareMessage(JSON.stringify(value));

describe("what the comparing process says", () => {
  it("is read whole", () => {
    expect(read({ type: "difference", difference })).toEqual({ type: "difference", difference });
    expect(read({ type: "not-compared", notCompared: { path: "", because: "x" } })).toMatchObject({
      notCompared: { path: "", because: "x" },
    });
    const counts = { members: 1, unchanged: 0, changed: 1, added: 0, removed: 0 };
    expect(read({ type: "summary", counts, sameProduct: false })).toEqual({
      type: "summary",
      counts,
      sameProduct: false,
    });
    expect(read({ type: "end" })).toEqual({ type: "end" });
  });

  it.each([
    ["another type", { type: "admit" }],
    ["an unknown risk", { type: "difference", difference: { ...difference, risk: "none" } }],
    ["a rule that is no name", { type: "difference", difference: { ...difference, rule: "../x" } }],
    ["a sentence that is none", { type: "difference", difference: { ...difference, because: 1 } }],
    [
      "an endless sentence",
      { type: "difference", difference: { ...difference, because: "x".repeat(20_000) } },
    ],
    ["too many paths", { type: "difference", difference: { ...difference, paths: Array(101).fill("x") } }],
    ["bytes that are none", { type: "difference", difference: { ...difference, after: { hex: "xyz" } } }],
    [
      "a place before the start",
      { type: "difference", difference: { ...difference, after: { offsetBytes: -1 } } },
    ],
    ["counts that are none", { type: "summary", counts: { members: "1" } }],
    ["a list", []],
  ])("is not believed with %s", (_, value) => {
    expect(() => read(value)).toThrow(/impossible/);
  });
});
