import type { JsonObject } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../fact.ts";
import { contextWith, filesOf } from "../../witnesses/read.fixture.ts";
import { openeox } from "./index.ts";
import { core, declaration, sample, sealed, trustedKeys } from "./sample.fixture.ts";

const NAME = "example.openeox.json";

async function readText(text: string | Uint8Array, keys: readonly string[] = trustedKeys): Promise<Fact[]> {
  const facts: Fact[] = [];
  const context = { ...contextWith(), trustedKeys: keys };
  for await (const fact of openeox.read(filesOf({ [NAME]: text }), context)) facts.push(fact);
  return facts;
}
const read = (document: JsonObject) => readText(JSON.stringify(sealed(JSON.stringify(document))));
const refused = (document: JsonObject) =>
  read(document).then(
    () => "read",
    (error: Error) => error.message,
  );

describe("openeox, with hostile documents", () => {
  it.each<[string, JsonObject, string]>([
    ["another schema", declaration({ schema: "other" }), '"schema"'],
    ["no publisher", declaration({ publisher: {} }), '"name" is missing'],
    ["no statements", declaration({ statements: null }), '"statements" is missing'],
    [
      "a product that is not there",
      declaration({ statements: [{ product_ids: ["p2"], core: core() }] }),
      "not in the tree",
    ],
    ["no product", declaration({ statements: [{ product_ids: [], core: core() }] }), "names no product"],
    [
      "a name of prototypes",
      declaration({ statements: [{ product_ids: ["__proto__"], core: core() }] }),
      "not in the tree",
    ],
    ["no core", declaration({ statements: [{ product_ids: ["p1"] }] }), '"core" is no object'],
    [
      "another core",
      declaration({ statements: [{ product_ids: ["p1"], core: core({ $schema: "x" }) }] }),
      '"$schema"',
    ],
    [
      "more than a core",
      declaration({ statements: [{ product_ids: ["p1"], core: core({ end: 1 }) }] }),
      '"core" has a member',
    ],
    [
      "a date without a zone",
      declaration({
        statements: [{ product_ids: ["p1"], core: core({ end_of_life: "2025-01-01T00:00:00" }) }],
      }),
      '"end_of_life"',
    ],
    [
      "a number for a date",
      declaration({ statements: [{ product_ids: ["p1"], core: core({ end_of_life: 1e300 }) }] }),
      '"end_of_life"',
    ],
    [
      "a day that no calendar has",
      declaration({
        statements: [{ product_ids: ["p1"], core: core({ end_of_life: "2025-02-30T00:00:00Z" }) }],
      }),
      '"end_of_life"',
    ],
    [
      "a date that ended nowhere",
      declaration({ statements: [{ product_ids: ["p1"], core: core({ last_updated: "tba" }) }] }),
      '"last_updated"',
    ],
  ])("refuses the whole for %s", async (_, document, because) => {
    expect(await refused(document)).toContain(because);
  });

  it("refuses a member that stands twice, where readers would differ", async () => {
    const twice = JSON.stringify(declaration()).replace(
      '"issued_at"',
      '"schema":"sallyport.openeox/1","issued_at"',
    );
    await expect(readText(JSON.stringify(sealed(twice)))).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringContaining("twice"),
    });
  });

  it("refuses it wherever it is cut off, and garbage", async () => {
    const whole = sample[NAME] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 7)
      await expect(readText(whole.subarray(0, length))).rejects.toMatchObject({ code: "feed.truncated" });
    for (const text of ["{}", "[]", "null", "\0", "[".repeat(10_000), '{"payloadType":"x","payload":"!"}'])
      await expect(readText(text)).rejects.toMatchObject({ code: expect.stringMatching(/^feed\./) });
    for (const payload of ["", "{", "[]", "\ufeff{}", '{"a":"\\u0000"}'])
      await expect(readText(JSON.stringify(sealed(payload)))).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("says what to do with a core, which names no product", async () => {
    await expect(readText(JSON.stringify(core()))).rejects.toMatchObject({
      code: "feed.malformed",
      message: expect.stringContaining("intel declare"),
    });
  });

  it("knows its files again", () => {
    expect(openeox.recognises?.("core.json", Buffer.from(JSON.stringify(core())))).toBe(true);
    expect(openeox.recognises?.("x", sample[NAME] ?? Buffer.alloc(0))).toBe(true);
    expect(openeox.recognises?.(NAME, Buffer.from("{}"))).toBe(false);
  });
});
