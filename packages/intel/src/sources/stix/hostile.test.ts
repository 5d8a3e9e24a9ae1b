import { Budget, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { SkippedRow } from "../../source.ts";
import { stix } from "./index.ts";
import { bundleOf, indicatorWith, sample } from "./sample.fixture.ts";

async function read(bytes: string | Uint8Array) {
  const skipped: SkippedRow[] = [];
  const files = [{ name: "b.json", source: new MemorySource(Buffer.from(bytes as string)) }];
  const skip = (row: SkippedRow) => skipped.push(row);
  const facts = [];
  for await (const fact of stix.read(files, {
    budget: new Budget(),
    now: new Date(0),
    scratchFolder: "",
    skip,
  }))
    facts.push(fact);
  return { facts, skipped };
}

describe("hostile bundles", () => {
  it("ends a bundle that is cut anywhere with its name and a place", async () => {
    const whole = sample["report.json"] ?? Buffer.alloc(0);
    for (let cut = 0; cut < whole.length - 1; cut += 7)
      await expect(read(whole.subarray(0, cut))).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\.(truncated|malformed)$/),
        message: expect.stringMatching(/^b\.json/),
      });
  });

  it.each(["{}", "null", "7", '"text"', '{"objects":{}}', '{"type":"bundle","objects":7}'])(
    "refuses %s as no bundle",
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ code: "feed.malformed", message: /./ });
    },
  );

  it.each<[string, Record<string, unknown>]>([
    ["no pattern", { pattern: undefined }],
    ["a pattern that is no text", { pattern: { a: 1 } }],
    ["a pattern with NUL", { pattern: "[domain-name:value = 'a.example\0']" }],
    ["an enormous pattern", { pattern: "a".repeat(600_000) }],
    ["a path of a hundred thousand steps", { pattern: `[file:a${".a".repeat(200_000)} = 'x']` }],
    ["a digest that every object has", { pattern: "[file:hashes.constructor = 'x']" }],
    ["no end that is a date", { valid_until: "never" }],
    ["types that are no texts", { indicator_types: [7] }],
    ["references that are no list", { external_references: "x" }],
  ])("tells of an indicator with %s, and keeps the others", async (_, changed) => {
    const other = indicatorWith({ id: "indicator--11111111-1111-4111-8111-111111111111" });
    const { facts, skipped } = await read(bundleOf(indicatorWith(changed), other));
    expect(facts).toHaveLength(1);
    expect(skipped).toMatchObject([{ file: "b.json", row: expect.stringMatching(/^indicator--8e2e/) }]);
  });

  it("takes nothing from a prototype, and reads what is no object at all", async () => {
    const text = bundleOf(indicatorWith()).replace(
      '"name"',
      '"__proto__":{"revoked":true},"constructor":1,"name"',
    );
    expect((await read(text)).facts).toHaveLength(1);
    expect(
      (await read('{"type":"bundle","objects":[null,7,[],"x",{"type":"indicator"}]}')).skipped,
    ).toHaveLength(1);
  });

  it("is linear in the length of a pattern", async () => {
    const many = Array.from({ length: 4000 }, (_, index) => `domain-name:value = 'a${index}.example'`);
    const { facts } = await read(bundleOf(indicatorWith({ pattern: `[${many.join(" OR ")}]` })));
    expect(facts).toHaveLength(4000);
    for (const text of ["'".repeat(100_000), "file:hashes.".repeat(20_000), `[file:${"a.".repeat(50_000)}`])
      expect((await read(bundleOf(indicatorWith({ pattern: text })))).facts).toEqual([]);
  });

  it("refuses UTF-16 and damaged UTF-8", async () => {
    const text = bundleOf(indicatorWith());
    await expect(read(Buffer.from(`\ufeff${text}`, "utf16le"))).rejects.toMatchObject({
      code: "feed.malformed",
    });
    await expect(read(Buffer.concat([Buffer.from(text), Buffer.from([0xff])]))).rejects.toMatchObject({
      code: "feed.malformed",
    });
    expect((await read(`\ufeff${text}`)).facts).toHaveLength(1);
  });
});
