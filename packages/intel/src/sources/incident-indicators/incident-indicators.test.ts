import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Budget, MemorySource } from "@sallyport/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../source.ts";
import data from "./data.json" with { type: "json" };
import { incidentIndicators } from "./index.ts";
import { listOf, rowWith } from "./sample.fixture.ts";

const context = () => ({ budget: new Budget(), now: new Date(0), scratchFolder: "", skip: () => undefined });
async function read(files: readonly SourceFile[]) {
  const facts = [];
  for await (const fact of incidentIndicators.read(files, context()))
    if (fact.kind === "indicator") facts.push(fact.indicator);
  return facts;
}
const readText = (text: string) => read([{ name: "list.json", source: new MemorySource(Buffer.from(text)) }]);

describe("the shipped list", () => {
  it("follows its schema", () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, "schema.json"), "utf8"));
    const validate = new Ajv2020({ strict: false, formats: { date: /^\d{4}-\d{2}-\d{2}$/ } }).compile(schema);
    validate(data);
    expect(validate.errors).toBeNull();
  });

  it("reads whole, each value once, each with who published it", async () => {
    const facts = await read((await incidentIndicators.shipped?.()) ?? []);
    expect(facts).toHaveLength(data.indicators.length);
    expect(new Set(facts.map(({ kind, value }) => `${kind} ${value}`)).size).toBe(facts.length);
    for (const { references } of facts)
      for (const reference of references) expect(reference).toMatch(/^https:\/\//);
  });

  it("knows the certificates of both incidents, without the zeros in front", async () => {
    const facts = await read((await incidentIndicators.shipped?.()) ?? []);
    const serials = facts.filter(({ kind }) => kind === "certificate-serial").map(({ value }) => value);
    expect(serials).toEqual(["8538a6c5018f50fc", "1b6611df9c9a4d6ecc8ed50c9b917873", "4b0aaf622b260469"]);
  });

  it("leaves out what nobody could confirm, and what honest files share", async () => {
    const text = JSON.stringify(data);
    expect(text).not.toContain("fbc50755913de619fb830fb95882e9703dbfda67dbd0f75bc17eadc9eda61370");
    expect(text).not.toMatch(/tradingtechnologies/i);
    expect(data.indicators.some(({ kind }) => kind === "signed-content")).toBe(false);
  });

  it("holds no name in a form in which it would find itself", () => {
    for (const { kind, value } of data.indicators)
      if (kind === "domain" || kind === "text") expect(value).toMatch(/\[\.\]/);
  });
});

describe("lists of this form", () => {
  it.each<[string, unknown]>([
    ["a kind that is none", { kind: "colour" }],
    ["a value that is none", { value: "abc" }],
    ["no source", { sources: [] }],
    ["a source that is not listed", { sources: ["other"] }],
    ["a source from a prototype", { sources: ["__proto__"] }],
    ["no incident", { incident: "" }],
  ])("are refused whole for a row with %s, naming it", async (_, changed) => {
    const text = listOf([rowWith(), rowWith(changed as Record<string, unknown>)]);
    await expect(readText(text)).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringMatching(/^list\.json:indicators\[1\]/),
    });
  });

  it("are refused with another schema, without a date, or cut short", async () => {
    await expect(readText(listOf([], { schema: "x/1" }))).rejects.toMatchObject({ code: "feed.malformed" });
    await expect(readText(listOf([], { asOf: "2026-02-31" }))).rejects.toMatchObject({
      code: "feed.malformed",
    });
    const whole = listOf([rowWith()]);
    for (let cut = 1; cut < whole.length; cut += 9)
      await expect(readText(whole.slice(0, cut))).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\.(truncated|malformed)$/),
      });
  });
});
