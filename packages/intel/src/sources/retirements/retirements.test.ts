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
    expect(await retirements.asOf?.(files, contextWith())).toBe(`${data.asOf}T00:00:00.000Z`);
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
});
