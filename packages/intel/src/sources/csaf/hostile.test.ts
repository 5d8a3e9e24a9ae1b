import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { csaf } from "./index.ts";
import { advisory, documentOf, sample, viewerTree } from "./sample.fixture.ts";

const alone = (document: unknown) =>
  readAll(csaf, { "es-1.json": typeof document === "string" ? document : JSON.stringify(document) });
const GOOD = "software.example/csaf/good.json";
const among = (text: string | Uint8Array) =>
  readAll(csaf, { "software.example/csaf/bad.json": text, [GOOD]: JSON.stringify(advisory) });
const withVulnerability = (changed: object) =>
  alone(documentOf(viewerTree, [{ ...advisory.vulnerabilities[0], ...changed }]));

describe("csaf, with hostile documents", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "is empty"],
    ["one that ends early", '{"document": {', "ends in the middle"],
    ["UTF-16", Buffer.from(`\ufeff${JSON.stringify(advisory)}`, "utf16le"), "is UTF-16"],
    ["a list", "[]", '"document" is missing'],
    ["no version", '{"document": {}}', '"csaf_version" is missing'],
    [
      "no publisher",
      JSON.stringify(documentOf(viewerTree, [], { publisher: undefined })),
      '"publisher" is missing',
    ],
    ["branches that are none", JSON.stringify(documentOf({ branches: {} }, [])), '"branches" is no list'],
  ])("tells of %s among a provider's documents, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await among(text);
    expect(facts).toHaveLength(3);
    expect(skipped).toEqual([
      { file: "software.example/csaf/bad.json", because: expect.stringContaining(because) },
    ]);
  });

  it.each<[string, object, string]>([
    ["no id", { cve: undefined }, '"cve" is missing'],
    ["a number for an id", { cve: 7 }, '"cve" is no text'],
    ["a status that is none", { product_status: { fixed: "V-NEW" } }, '"fixed" is no list'],
    [
      "flags that are none",
      { product_status: { known_not_affected: ["V-NEW"] }, flags: 7 },
      '"flags" is no list',
    ],
  ])("tells of a vulnerability with %s", async (_, changed, because) => {
    const { facts, skipped } = await withVulnerability(changed);
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ row: "vulnerabilities[0]", because: expect.stringContaining(because) }]);
  });

  it("makes nothing of a product that is not in the tree, also under a prototype's name", async () => {
    const product_status = { known_affected: ["nowhere", "__proto__", "constructor"] };
    expect(await withVulnerability({ product_status })).toEqual({ facts: [], skipped: [] });
  });

  it("takes the last of two products with one id, and no relationship that leads nowhere", async () => {
    const relationships = [
      {
        category: "default_component_of",
        full_product_name: { name: "a", product_id: "a" },
        product_reference: "a",
        relates_to_product_reference: "a",
      },
    ];
    const { skipped } = await alone(documentOf({ ...viewerTree, relationships }, advisory.vulnerabilities));
    expect(skipped).toMatchObject([{ row: "product_tree.relationships[0]" }]);
  });

  it("refuses a document alone wherever it is cut off", async () => {
    const whole = JSON.stringify(advisory);
    for (let length = 0; length < whole.length; length += 31)
      await expect(alone(whole.slice(0, length))).rejects.toMatchObject({ code: "feed.truncated" });
    expect(Object.keys(sample)).toHaveLength(1);
  });
});
