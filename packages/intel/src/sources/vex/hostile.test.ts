import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { vex } from "./index.ts";
import { cycloneDxOf, openVexOf, sample, statementWith } from "./sample.fixture.ts";

const read = (document: unknown) =>
  readAll(vex, { "a.json": typeof document === "string" ? document : JSON.stringify(document) });

describe("vex, with hostile documents", () => {
  it.each<[string, unknown, string]>([
    ["nothing", "", "is empty"],
    ["a list", "[]", "neither OpenVEX nor CycloneDX"],
    ["statements that are none", { ...openVexOf(), statements: {} }, '"statements" is no list'],
    [
      "no analysed vulnerability",
      { ...cycloneDxOf({ state: "resolved" }), vulnerabilities: [] },
      "nothing that somebody analysed",
    ],
    ["authors that are none", { ...openVexOf(statementWith()), author: {} }, '"author" is no text'],
  ])("refuses %s", async (_, document, message) => {
    await expect(read(document)).rejects.toThrow(message);
  });

  it.each<[string, object]>([
    ["a number for a name", { vulnerability: { name: 7 } }],
    ["a status that every object has", { status: "constructor" }],
    ["no vulnerability", { vulnerability: undefined }],
    ["a text for a list", { products: "pkg:npm/a" }],
    ["a time that is none", { timestamp: "soon" }],
    ["a package URL without end", { products: [{ "@id": `pkg:npm/${"a".repeat(1500)}` }] }],
    ["a package URL that is none", { products: [{ "@id": "pkg:" }] }],
  ])("tells of a statement with %s, and reads the others", async (_, changed) => {
    const { facts, skipped } = await read(openVexOf(statementWith(changed), statementWith()));
    expect(facts).toHaveLength(1);
    expect(skipped).toMatchObject([{ row: "statements[0]" }]);
  });

  it("tells of a state that every object has", async () => {
    const { facts, skipped } = await read(cycloneDxOf({ state: "constructor" }));
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ because: expect.stringContaining('"state" is none') }]);
  });

  it("refuses components that are nested without end", async () => {
    let component: object = { "bom-ref": "x", name: "x" };
    for (let depth = 0; depth < 100; depth += 1) component = { name: "y", components: [component] };
    await expect(read({ ...cycloneDxOf({ state: "resolved" }), components: [component] })).rejects.toThrow(
      /nested more than/,
    );
  });

  it("takes prototype's names for references that lead nowhere", async () => {
    const document = cycloneDxOf({ state: "resolved" });
    const vulnerabilities = [
      { ...document.vulnerabilities[0], affects: [{ ref: "__proto__" }, { ref: "constructor" }] },
    ];
    const { facts, skipped } = await read({ ...document, vulnerabilities });
    expect(facts).toEqual([]);
    expect(skipped).toHaveLength(2);
  });

  it("refuses a document wherever it is cut off", async () => {
    for (const bytes of Object.values(sample))
      for (let length = 0; length < bytes.length; length += 17)
        await expect(readAll(vex, { "a.json": bytes.subarray(0, length) })).rejects.toMatchObject({
          code: "feed.truncated",
        });
  });
});
