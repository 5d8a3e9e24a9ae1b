import type { JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { optInFixes } from "./index.ts";
import { check, list, row, sample } from "./sample.fixture.ts";

const NAME = "opt-in-fixes.json";
const read = (document: JsonObject) => readAll(optInFixes, { [NAME]: JSON.stringify(document) });

describe("opt-in-fixes, with hostile lists", () => {
  it.each<[string, JsonObject, string]>([
    ["no id", row({ id: null }), '"id" is missing'],
    ["no title", row({ title: "" }), '"title" is missing'],
    ["what is no CVE", row({ cves: ["ADV200013"] }), '"cves" holds'],
    ["evidence that is none", row({ evidence: "unverified" }), '"evidence" is none of'],
    ["a status nobody knows", row({ status: "__proto__" }), '"status" is none of'],
    ["no value of the registry", row({ checks: [] }), '"checks" names no value'],
    ["a key that is none", row({ checks: [check({ path: "C:\\Windows" })] }), '"path"'],
    ["a value that is missing", row({ checks: [check({ value: null })] }), '"value" is missing'],
    ["a number for a value", row({ checks: [check({ value: 1 })] }), '"value" is no text'],
    ["a type that is none", row({ checks: [check({ types: ["DWORD"] })] }), '"types"'],
    ["a day that no calendar has", row({ timeline: { default: "2026-02-30" } }), '"default" is no date'],
    ["no source", row({ sources: [] }), '"sources" names none'],
    ["a source nobody read", row({ sources: [{ source: "x" }] }), '"readOn"'],
    ["NUL", row({ role: "a\0b" }), "NUL"],
  ])("refuses the whole list for a row with %s, and names the row", async (_, bad, because) => {
    await expect(read(list(row({ id: "good" }), bad))).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringContaining(`${NAME}:rows[1]: `),
    });
    await expect(read(list(row({ id: "good" }), bad))).rejects.toMatchObject({
      message: expect.stringContaining(because),
    });
  });

  it("refuses two rows of one name, other documents, nothing and garbage", async () => {
    for (const document of [
      list(row(), row()),
      { rows: [] },
      { ...list(), asOf: "x" },
      { ...list(), rows: "x" },
    ])
      await expect(read(document)).rejects.toMatchObject({ code: "feed.malformed" });
    for (const text of ["", "[", "\0", "null", "[".repeat(50_000)])
      await expect(readAll(optInFixes, { [NAME]: text })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("refuses it wherever it is cut off", async () => {
    const whole = sample[NAME] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 1)
      await expect(readAll(optInFixes, { [NAME]: whole.subarray(0, length) })).rejects.toMatchObject({
        code: "feed.truncated",
      });
  });
});
