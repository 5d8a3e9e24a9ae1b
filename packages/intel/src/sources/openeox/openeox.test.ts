import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonObject } from "@sallyport/core";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../fact.ts";
import { contextWith, filesOf } from "../../witnesses/read.fixture.ts";
import { readCore } from "./core.ts";
import { writeDeclaration } from "./declaration.ts";
import { openeox } from "./index.ts";
import { core, declaration, every, sample, sealed, treeOf, trustedKeys } from "./sample.fixture.ts";

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

describe("openeox", () => {
  it("says what the maker declared of the product that it names", async () => {
    const statement = {
      product_ids: ["p1"],
      core: core(),
      replacement: "Example Two",
      url: "https://example.invalid/",
    };
    const tree = treeOf({ category: "product_version_range", name: "vers:generic/>=7|<8" });
    expect(await read(declaration({ product_tree: tree, statements: [statement] }))).toEqual([
      {
        kind: "lifecycle",
        about: {
          product: "Example",
          vendor: "Example Software",
          identifiers: [],
          scheme: "generic",
          versions: { ranges: [{ introduced: "7", fixed: "8" }], exact: [] },
        },
        lifecycle: {
          product: "Example",
          vendor: "Example Software",
          endOfLife: "2025-12-31",
          endOfSecuritySupport: "2025-06-30",
          replacement: "Example Two",
          url: "https://example.invalid/",
        },
      },
    ]);
  });

  it("is refused about another maker's product, however good its seal", async () => {
    expect(await refused(declaration({ publisher: { name: "Other Works Ltd" } }))).toMatch(
      /"publisher" is Other Works Ltd, and the product is one of Example Software/,
    );
    expect(await refused(declaration({ publisher: { name: "Example Software GmbH" } }))).toBe("read");
  });

  it("is as old as it was issued", async () => {
    const context = { ...contextWith(), trustedKeys };
    expect(await openeox.asOf?.(filesOf(sample), context)).toBe("2025-02-02T00:00:00.000Z");
  });

  it("takes an end that is to be announced for none", async () => {
    const statements = [
      { product_ids: ["p1"], core: core({ end_of_life: "tba", end_of_security_support: "tba" }) },
    ];
    const [fact] = await read(declaration({ statements }));
    expect(fact).toHaveProperty("lifecycle", { product: "Example", vendor: "Example Software" });
  });

  it("means every version only where the maker says so", async () => {
    expect(await read(declaration())).toMatchObject([{ about: { versions: "all" } }]);
    const unsaid = treeOf({ category: "product_family", name: "x" });
    expect(await refused(declaration({ product_tree: unsaid }))).toContain("no versions");
  });

  it("counts instants, whatever zone they are written in", () => {
    expect(readCore(core({ end_of_life: "2025-11-25T10:00:00.000-20:30" })).endOfLife).toBe("2025-11-26");
    expect(readCore(core({ end_of_life: "2025-11-27T03:00:00.000+20:59" })).endOfLife).toBe("2025-11-26");
  });

  it("reads the published examples of the core, and seals each for a product", async ({ skip }) => {
    const first = dataFile("openeox/examples/oasis_openeox_tc-core-1_0-2025-minimal.json");
    if (first === undefined) return skip(NO_CORPUS);
    const names = readdirSync(dirname(first)).filter((name) => name.endsWith(".json"));
    expect(names).toHaveLength(7);
    for (const name of names) {
      const example = JSON.parse(readFileSync(join(dirname(first), name), "utf8"));
      const said = {
        vendor: "Example Software",
        product: "Example",
        versions: "vers:generic/*",
        core: example,
      };
      const document = writeDeclaration(said, "Example Software", new Date("2026-01-01T00:00:00Z"));
      const [fact] = await read(document);
      expect(fact?.kind === "lifecycle" && fact.lifecycle.endOfLife).toBe(
        example.end_of_life === "tba" ? undefined : new Date(example.end_of_life).toISOString().slice(0, 10),
      );
    }
  });

  it("names products by package URL and CPE as well", async () => {
    const helper = { cpe: "cpe:2.3:a:example:example:*:*:*:*:*:*:*:*" };
    const document = declaration({ product_tree: treeOf(every, helper) });
    expect(await read(document)).toMatchObject([{ about: { identifiers: [{ kind: "cpe" }] } }]);
  });
});

describe("openeox, under seals", () => {
  it("counts nothing without a trusted key, and says what to do", async () => {
    await expect(readText(sample[NAME] ?? "", [])).rejects.toMatchObject({
      code: "feed.signature",
      message: expect.stringMatching(/^example\.openeox\.json: .*--key/),
    });
  });

  it("counts nothing under another's key, and nothing that was changed", async () => {
    const other = generateKeyPairSync("ed25519");
    const text = JSON.stringify(declaration());
    const pem = other.publicKey.export({ type: "spki", format: "pem" }).toString();
    await expect(readText(sample[NAME] ?? "", [pem])).rejects.toMatchObject({ code: "feed.signature" });
    const changed = {
      ...sealed(text),
      payload: Buffer.from(text.replace("2025-12-31", "2035-12-31")).toString("base64"),
    };
    await expect(readText(JSON.stringify(changed))).rejects.toMatchObject({ code: "feed.signature" });
    // A document of another kind, sealed by the same key.
    const bundle = {
      ...sealed(text, undefined, "application/other"),
      payloadType: "application/vnd.sallyport.openeox+json",
    };
    await expect(readText(JSON.stringify(bundle))).rejects.toMatchObject({ code: "feed.signature" });
  });

  it("takes no key that is not Ed25519", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    await expect(readText(sample[NAME] ?? "", [pem])).rejects.toMatchObject({ code: "feed.signature" });
    expect(
      (await readText(sample[NAME] ?? "", [pem, "an OpenPGP key", ...trustedKeys])).length,
    ).toBeGreaterThan(0);
  });
});
