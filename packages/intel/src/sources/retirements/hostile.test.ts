import type { JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { retirements } from "./index.ts";
import { list, row, sample } from "./sample.fixture.ts";

const NAME = "retirements.json";
const read = (document: JsonObject) => readAll(retirements, { [NAME]: JSON.stringify(document) });

describe("retirements, with hostile lists", () => {
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
