import type { JsonObject } from "@sallyport/core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { contextWith, readAll } from "../../witnesses/read.fixture.ts";
import data from "./data.json" with { type: "json" };
import { retirements } from "./index.ts";
import { list, row, sample } from "./sample.fixture.ts";
import schema from "./schema.json" with { type: "json" };

const NAME = "retirements.json";
const read = (document: JsonObject) => readAll(retirements, { [NAME]: JSON.stringify(document) });

describe("the list of retired software", () => {
  it("is valid by its schema, and read whole", async () => {
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    const { facts, skipped } = await readAll(retirements, { [NAME]: JSON.stringify(data) });
    expect(skipped).toEqual([]);
    expect(facts).toHaveLength(data.rows.length);
    expect(data.rows.length).toBeGreaterThanOrEqual(40);
  });

  it("comes with the program", async () => {
    const files = (await retirements.shipped?.()) ?? [];
    expect(await retirements.asOf?.(files, contextWith())).toBe(data.asOf);
    expect(files.map(({ name }) => name)).toEqual([NAME]);
  });

  it("cites for every row a page that was read, not in the future", () => {
    for (const { sources } of data.rows)
      for (const { readOn, says } of sources) {
        expect(readOn <= data.asOf).toBe(true);
        expect(says.endsWith(".")).toBe(true);
      }
  });

  it("begins with the product that it was made for", () => {
    expect(data.rows[0]).toMatchObject({ product: "X_TRADER", versions: "all", retiredOn: "2020-04" });
  });
});

describe("retirements", () => {
  it("reads a row", async () => {
    expect(await readAll(retirements, sample)).toEqual({
      skipped: [],
      facts: [
        {
          kind: "lifecycle",
          about: {
            product: "Example",
            vendor: "Example Software",
            productAliases: [],
            vendorAliases: [],
            fileNames: [],
            identifiers: [],
            scheme: "generic",
            versions: "all",
          },
          lifecycle: {
            product: "Example",
            vendor: "Example Software",
            retiredOn: "2020-04",
            url: "https://example.invalid/end",
          },
        },
      ],
    });
  });

  it("goes by identifiers alone where the name is also another product's", async () => {
    const identifiers = [{ kind: "bundle-id", value: "com.example.app" }];
    const { facts } = await read(list(row({ namedBy: "identifiers", identifiers })));
    expect(facts).toMatchObject([{ about: { identifiers }, lifecycle: { product: "Example" } }]);
    expect(facts[0]).not.toHaveProperty("about.product");
    await expect(read(list(row({ namedBy: "identifiers" })))).rejects.toMatchObject({
      code: "feed.malformed",
    });
  });

  it("knows its own files again, and no others", () => {
    expect(retirements.recognises?.("x", sample[NAME] ?? Buffer.alloc(0))).toBe(true);
    expect(retirements.recognises?.(NAME, Buffer.from('{"schema": "other"}'))).toBe(false);
  });

  it.each<[string, JsonObject, string]>([
    ["no id", row({ id: null }), '"id" is missing'],
    ["no vendor", row({ vendor: " " }), '"vendor" is missing'],
    ["a number for a product", row({ product: 7 }), '"product" is no text'],
    ["an endless product", row({ product: "a".repeat(5000) }), "longer than"],
    ["NUL in its vendor", row({ vendor: "a\0b" }), "NUL"],
    ["no versions", row({ versions: null }), '"versions" names none'],
    ["versions that name none", row({ versions: { lines: [] } }), '"versions" names none'],
    ["a range without an end", row({ versions: { ranges: [{ introduced: "1" }] } }), "without an end"],
    ["no date", row({ retiredOn: null }), '"retiredOn" is missing'],
    ["a day that no calendar has", row({ retiredOn: "2021-02-30" }), '"retiredOn" is no date'],
    ["a month that no calendar has", row({ retiredOn: "2021-13" }), '"retiredOn" is no date'],
    ["no page", row({ sources: [] }), '"sources" names no page'],
    [
      "a page nobody read",
      row({ sources: [{ url: "https://a.invalid", title: "a", says: "b" }] }),
      '"readOn"',
    ],
    [
      "an address that is none",
      row({ sources: [{ url: "file:///etc", title: "a", says: "b", readOn: "2026-01-01" }] }),
      '"url"',
    ],
    ["an identifier of no kind", row({ identifiers: [{ kind: "__proto__", value: "x" }] }), '"kind" is none'],
  ])("refuses the whole list for a row with %s, and names the row", async (_, bad, because) => {
    await expect(read(list(row({ id: "good" }), bad))).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringMatching(new RegExp(`^${NAME}:rows\\[1\\]: .*`)),
    });
    await expect(read(list(row({ id: "good" }), bad))).rejects.toMatchObject({
      message: expect.stringContaining(because),
    });
  });

  it("refuses two rows of one name", async () => {
    await expect(read(list(row({}), row({})))).rejects.toMatchObject({ code: "feed.malformed" });
  });

  it("refuses another document, nothing, and garbage", async () => {
    await expect(read({ rows: [] })).rejects.toMatchObject({ code: "feed.malformed" });
    await expect(read({ ...list(), asOf: "soon" })).rejects.toMatchObject({ code: "feed.malformed" });
    for (const text of ["", "[", "\u0000", "[".repeat(50_000)])
      await expect(readAll(retirements, { [NAME]: text })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("refuses it wherever it is cut off", async () => {
    const whole = sample[NAME] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 1)
      await expect(readAll(retirements, { [NAME]: whole.subarray(0, length) })).rejects.toMatchObject({
        code: "feed.truncated",
      });
  });
});
