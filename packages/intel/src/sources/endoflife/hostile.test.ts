import type { JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { endoflife } from "./index.ts";
import { answer, product, release, sample } from "./sample.fixture.ts";

const NAME = "endoflife-products.json";
const readText = (text: string | Uint8Array) => readAll(endoflife, { [NAME]: text });
const good = product({ name: "good", label: "Good" });

describe("endoflife, with hostile files", () => {
  it.each<[string, JsonObject, string]>([
    ["no name", product({ name: null }), '"name" is missing'],
    ["a number for a name", product({ name: 7 }), '"name" is no text'],
    ["NUL in its label", product({ label: "a\0b" }), "NUL"],
    ["an endless label", product({ label: "a".repeat(1_000_000) }), "longer than"],
    ["releases that are none", product({ releases: { __proto__: null, a: 1 } }), '"releases" is no list'],
    ["a release that is text", product({ releases: ["1"] }), '"name" is missing'],
    [
      "a day that no calendar has",
      product({ releases: [release({ eolFrom: "2025-02-30" })] }),
      '"eolFrom" is no date',
    ],
    ["a number for a day", product({ releases: [release({ eolFrom: 1e308 })] }), '"eolFrom" is no text'],
    ["a text for a flag", product({ releases: [release({ isEol: "yes" })] }), '"isEol" is neither'],
    ["an identifier without kind", product({ identifiers: [{ id: "x" }] }), '"type" is missing'],
  ])("tells of a product with %s, and reads the others", async (_, bad, because) => {
    const { facts, skipped } = await readText(JSON.stringify(answer(bad, good)));
    expect(facts).toMatchObject([{ lifecycle: { product: "Good" } }]);
    expect(skipped).toMatchObject([
      { file: NAME, row: expect.stringContaining("result[0]"), because: expect.stringContaining(because) },
    ]);
  });

  it("counts the first of two of one name", async () => {
    const { facts, skipped } = await readText(JSON.stringify(answer(good, { ...good, label: "Bad" })));
    expect(facts).toMatchObject([{ lifecycle: { product: "Good" } }]);
    expect(skipped).toMatchObject([{ row: "result[1] good", because: expect.stringContaining("twice") }]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["nothing", "", "feed.truncated"],
    ["no JSON", "<html>", "feed.malformed"],
    ["a list", "[]", "feed.malformed"],
    ["a number", "1e999", "feed.malformed"],
    ["another document", "{}", "feed.malformed"],
    ["a list that is cut out of it", JSON.stringify({ ...answer(good), total: 464 }), "feed.malformed"],
    ["UTF-16", Buffer.from(`\ufeff${JSON.stringify(answer(good))}`, "utf16le"), "feed.malformed"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), "feed.malformed"],
  ])("refuses a file with %s, by its name", async (_, content, code) => {
    await expect(readText(content)).rejects.toMatchObject({ code, message: expect.stringContaining(NAME) });
  });

  it("refuses it wherever it is cut off", async () => {
    const whole = sample[NAME] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 1)
      await expect(readText(whole.subarray(0, length))).rejects.toMatchObject({ code: "feed.truncated" });
  });

  it("reads past a byte order mark, and is not moved by names of prototypes or by depth", async () => {
    expect((await readText(`\ufeff${JSON.stringify(answer(good))}`)).facts).toHaveLength(1);
    const named = JSON.stringify(answer(good)).replace(
      "{",
      '{"__proto__": {"products": []}, "constructor": 1, ',
    );
    expect((await readText(named)).facts).toHaveLength(1);
    const deep = JSON.stringify(answer(product({ releases: "DEEP" }), good));
    const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect(await readText(deep.replace('"DEEP"', nested))).toMatchObject({ facts: [{}], skipped: [{}] });
  });
});
