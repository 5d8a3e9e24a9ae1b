import { readFileSync } from "node:fs";
import type { JsonObject } from "@sallyport/core";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { contextWith, readAll } from "../../witnesses/read.fixture.ts";
import data from "./data.json" with { type: "json" };
import { optInFixes } from "./index.ts";
import { check, list, row, sample } from "./sample.fixture.ts";
import schema from "./schema.json" with { type: "json" };

const NAME = "opt-in-fixes.json";
const read = (document: JsonObject) => readAll(optInFixes, { [NAME]: JSON.stringify(document) });

describe("the list of opt-in fixes", () => {
  it("is valid by its schema, read whole, and comes with the program", async () => {
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    const { facts, skipped } = await readAll(optInFixes, { [NAME]: JSON.stringify(data) });
    expect(skipped).toEqual([]);
    expect(facts).toHaveLength(data.rows.length);
    expect(await optInFixes.asOf?.((await optInFixes.shipped?.()) ?? [], contextWith())).toBe(data.asOf);
  });

  it("has the fix for what hid in signed files, in both views of the registry", () => {
    const padding = data.rows.find(({ cves }) => cves.includes("CVE-2013-3900"));
    expect(padding?.require).toBe("all");
    expect(padding?.checks.map(({ path }) => path.includes("Wow6432Node"))).toEqual([false, true]);
    expect(padding?.checks.every(({ types }) => types.join() === "REG_SZ,REG_DWORD")).toBe(true);
  });

  it("holds nothing that was not confirmed", async ({ skip }) => {
    const file = dataFile("opt-in-fixes/opt-in-fixes.json");
    if (file === undefined) return skip(NO_CORPUS);
    const { fixes } = JSON.parse(readFileSync(file, "utf8"));
    const doubtful: string[] = fixes
      .filter(({ evidence }: { evidence: string }) => ["partial", "unverified"].includes(evidence))
      .map(({ id }: { id: string }) => id);
    expect(doubtful).toHaveLength(15);
    // Four of them were looked up and found; each cites the page that was read.
    const carried = data.rows.filter(({ id }) => doubtful.includes(id));
    expect(carried.map(({ id }) => id)).toEqual([
      "ms-dotnet-strongcrypto",
      "ms-sigred",
      "ms-dns-sad",
      "ms-smb3-compression",
    ]);
    for (const { sources } of carried) expect(sources[0]).toHaveProperty("says");
  });
});

describe("opt-in-fixes", () => {
  it("hands on the row as it stands", async () => {
    expect(await readAll(optInFixes, sample)).toEqual({
      skipped: [],
      facts: [{ kind: "fix", id: "example", title: "Example", cves: ["CVE-2020-0001"], fix: row() }],
    });
  });

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
