import { readFileSync } from "node:fs";
import type { JsonObject } from "@sallyport/core";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { endoflife } from "./index.ts";
import { answer, product, release, sample } from "./sample.fixture.ts";

const NAME = "endoflife-products.json";
const read = (document: JsonObject) => readAll(endoflife, { [NAME]: JSON.stringify(document) });
const releasesOf = async (...releases: readonly JsonObject[]) =>
  (await read(answer(product({ releases })))).facts.flatMap((fact) =>
    fact.kind === "lifecycle" ? [{ ...fact.lifecycle, about: fact.about.versions }] : [],
  );
const lines = async (...releases: readonly JsonObject[]) =>
  (await releasesOf(...releases)).map(({ about }) => (about === "all" ? [] : about.lines));

describe("endoflife, as the API gives it", () => {
  it("names maker and product as CPE names do, and no package of a distribution", async () => {
    const identifiers = [
      { type: "cpe", id: "cpe:2.3:a:example_software:example\\/one" },
      { type: "cpe", id: "cpe:/a:other:example" },
      { type: "purl", id: "pkg:npm/example" },
      { type: "purl", id: "pkg:deb/debian/example" },
      { type: "purl", id: "pkg:docker/library/example" },
      { type: "repology", id: "example" },
    ];
    const { facts, skipped } = await read(answer(product({ identifiers })));
    expect(skipped).toEqual([]);
    expect(facts).toMatchObject([
      {
        kind: "lifecycle",
        about: {
          product: "Example",
          vendor: "example software",
          vendorAliases: ["other"],
          productAliases: ["example/one", "example"],
          identifiers: [{ kind: "cpe" }, { kind: "cpe" }, { kind: "purl", value: "pkg:npm/example" }],
        },
        lifecycle: { product: "Example", release: "1", url: "https://endoflife.date/example" },
      },
    ]);
  });

  it("takes the word in front of a label for the maker when it is one elsewhere in the list", async () => {
    const other = product({ name: "maker-tool", label: "Example Software Tool", identifiers: [] });
    const strange = product({ name: "quick-tool", label: "Quick Tool", identifiers: [] });
    const { facts } = await read(answer(product({}), other, strange));
    expect(facts).toMatchObject([
      {},
      { about: { vendor: "Example Software", productAliases: ["Tool", "maker-tool"] } },
      { about: { product: "Quick Tool" } },
    ]);
    expect(facts[2]).not.toHaveProperty("about.vendor");
  });

  it("goes by no name that two products share", async () => {
    const identifiers = [{ type: "purl", id: "pkg:npm/shared" }];
    const { facts } = await read(answer(product({ identifiers }), product({ name: "other", identifiers })));
    expect(facts).toMatchObject([{ about: { identifiers: [] } }, { about: { identifiers: [] } }]);
  });

  it("knows who built an OpenJDK, and blames nobody for another's build", async () => {
    const oracle = [{ type: "cpe", id: "cpe:2.3:a:oracle:openjdk" }];
    const temurin = product({ name: "eclipse-temurin", label: "Eclipse Temurin", identifiers: [] });
    const builds = product({
      name: "openjdk-builds-from-oracle",
      label: "OpenJDK builds",
      identifiers: oracle,
    });
    expect((await read(answer(temurin, builds))).facts).toMatchObject([
      { about: { vendor: "Eclipse Adoptium", productAliases: ["eclipse-temurin", "OpenJDK"] } },
      { about: { vendor: "oracle", identifiers: [] } },
    ]);
  });

  it("tells the ends apart", async () => {
    expect(
      await releasesOf(
        release({ name: "1", isEol: true, eolFrom: "2020-01-01", isEoas: true, eoasFrom: "2019-01-01" }),
        release({ name: "2", isEol: true, eolFrom: null }),
        release({ name: "3", isEol: false, eolFrom: null }),
        release({ name: "4", isEol: true, eolFrom: "2024-01-01", isEoes: false, eoesFrom: "2028-01-01" }),
        // Nobody can pay for this one.
        release({ name: "5", isEol: true, eolFrom: "2024-01-01", isEoes: null, eoesFrom: null }),
        release({ name: "6", isEol: true, eolFrom: "2024-01-01", isEoes: false, eoesFrom: null }),
      ),
    ).toMatchObject([
      { release: "1", endOfLife: "2020-01-01", endOfActiveSupport: "2019-01-01" },
      { release: "2", endOfLife: true },
      { release: "3" },
      { release: "4", endOfLife: "2028-01-01", endOfSecuritySupport: "2024-01-01" },
      { release: "5", endOfLife: "2024-01-01" },
      { release: "6", endOfSecuritySupport: "2024-01-01" },
    ]);
  });

  it("is as old as it says", async () => {
    expect(
      await endoflife.asOf?.(filesOf({ [NAME]: JSON.stringify(answer(product({}))) }), contextWith()),
    ).toBe("2026-01-01T03:04:05.000Z");
  });

  it("reads the answer about one product", async () => {
    expect(await read({ schema_version: "1.2.0", result: product({}) })).toMatchObject({
      facts: [{}],
      skipped: [],
    });
  });
});

describe("which versions a release of endoflife stands for", () => {
  const newest = (name: string, latest: string, given: JsonObject = {}) =>
    release({ name, latest: { name: latest, date: null, link: null }, ...given });
  const over = (day: string): JsonObject => ({ isEol: true, eolFrom: day });

  it("is its name, where versions begin with it", async () => {
    expect(await lines(newest("3.11", "3.11.4"), newest("8", "8.0.1"), release({ name: "9i" }))).toEqual([
      ["3.11"],
      ["8"],
      ["9i"],
    ]);
  });

  it("is its newest version alone, where the name is a year", async () => {
    expect(await lines(newest("2019", "15.2.1544.36"), newest("subscription", "15.2.2562.46"))).toEqual([
      ["15.2.1544.36", "2019"],
      ["15.2.2562.46", "subscription"],
    ]);
  });

  it("is with the one that lasts longest, where service packs share a version", async () => {
    expect(
      await lines(
        newest("13.0", "13.0.2218", over("2018-01-09")),
        newest("13.0-sp3", "13.0.6500", over("2026-07-14")),
        newest("13.0-sp2", "13.0.5893", over("2022-10-11")),
      ),
    ).toEqual([[], ["13.0", "13.0-sp3"], ["13.0-sp2"]]);
  });
});

describe("endoflife, in one compact file", () => {
  const compact = (...releases: readonly JsonObject[]) =>
    read({
      source: "endoflife-date/endoflife.date",
      products: [{ name: "example", label: "Example", identifiers: [], releases }],
    });

  it("reads days, true and false", async () => {
    const { facts } = await compact(
      { name: "1", eol: "2020-01-01", eoas: true, eoes: null },
      { name: "2", eol: true, eoes: false },
      { name: "3", eol: false },
    );
    expect(facts.map((fact) => fact.kind === "lifecycle" && fact.lifecycle)).toMatchObject([
      { endOfLife: "2020-01-01", endOfActiveSupport: true },
      { endOfSecuritySupport: true },
      { release: "3" },
    ]);
  });

  it("is as old as the newest version that it can know", async () => {
    const document = {
      products: [
        {
          name: "example",
          label: "Example",
          releases: ["2025-05-05", "2025-06-06", "2999-01-01"].map((latestReleaseDate, index) => ({
            name: `${index}`,
            latestReleaseDate,
          })),
        },
      ],
    };
    expect(await endoflife.asOf?.(filesOf({ [NAME]: JSON.stringify(document) }), contextWith())).toBe(
      "2025-06-06T00:00:00.000Z",
    );
  });

  it("loads the development data whole", async ({ skip }) => {
    const file = dataFile("endoflife-derived/endoflife-products.json");
    if (file === undefined) return skip(NO_CORPUS);
    const { facts, skipped } = await readAll(endoflife, { [NAME]: readFileSync(file) });
    expect(skipped).toEqual([]);
    expect(facts).toHaveLength(8351);
    const products = facts.map((fact) => (fact.kind === "lifecycle" ? fact.lifecycle.url : ""));
    expect(new Set(products).size).toBe(464);
  });
});

it("knows its files again", () => {
  expect(endoflife.recognises?.(NAME, Buffer.from("{"))).toBe(true);
  expect(endoflife.recognises?.("full", sample[NAME] ?? Buffer.alloc(0))).toBe(true);
  expect(endoflife.recognises?.("other.json", Buffer.from('{"a":1}'))).toBe(false);
});
