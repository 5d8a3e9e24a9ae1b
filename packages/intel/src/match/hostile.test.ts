import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Naming } from "../naming.ts";
import { keysOf, match } from "./index.ts";

const text = fc.string({ unit: "grapheme", maxLength: 60 });
const identifier = fc.record({
  kind: fc.constantFrom("purl", "cpe", "upgrade-code", "bundle-id", "package-id"),
  value: fc.oneof(
    text,
    text.map((part) => `pkg:npm/${part}`),
    text.map((part) => `cpe:2.3:a:${part}`),
  ),
} as const);
const claim = fc.record(
  {
    product: text,
    vendor: text,
    version: text,
    fileName: text,
    identifiers: fc.array(identifier, { maxLength: 3 }),
  },
  { requiredKeys: ["identifiers"] },
);

describe("names that somebody chose to do harm", () => {
  it("are compared all the same, and give few, short keys", () => {
    fc.assert(
      fc.property(claim, claim, text, (one, other, bound) => {
        const naming: Naming = {
          ...other,
          scheme: "generic",
          versions: { ranges: [{ introduced: "1.0", fixed: bound }], exact: [] },
        };
        const result = match(one, naming);
        expect(["certain", "possible", "no"]).toContain(result.match);
        for (const key of [...keysOf(one), ...keysOf(naming)]) expect(key.length).toBeLessThanOrEqual(200);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("do not agree by being empty", () => {
    for (const product of ["", " ", "()", "-", "™", "1.0", "x64", "\0"]) {
      const naming: Naming = {
        product,
        vendor: product,
        identifiers: [],
        scheme: "generic",
        versions: "all",
      };
      expect(match({ product: "", vendor: "", identifiers: [] }, naming).match).not.toBe("certain");
    }
  });

  it("take no time, however long and however nested", () => {
    for (const piece of [
      "(",
      "((x64",
      "[en-us ",
      "-",
      " - en-us",
      "update 1 ",
      "a.",
      "\u0301",
      "aa-bbbb ",
      "_",
      "pkg:",
      "%",
      "\\:",
    ]) {
      const long = piece.repeat(20_000);
      const naming: Naming = {
        product: long,
        vendor: long,
        identifiers: [
          { kind: "purl", value: `pkg:npm/${long}` },
          { kind: "cpe", value: `cpe:2.3:a:${long}` },
        ],
        scheme: "generic",
        versions: { ranges: [{ fixed: long }], exact: [long], lines: [long] },
      };
      const asked = {
        product: `${long}z`,
        vendor: long,
        version: long,
        fileName: long,
        identifiers: naming.identifiers,
      };
      match(asked, naming);
      expect(keysOf(asked).length).toBeLessThan(20);
    }
  });

  it("are not looked up in the prototype of anything", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const naming: Naming = {
        product: name,
        vendor: name,
        identifiers: [],
        scheme: "generic",
        versions: "all",
      };
      expect(match({ product: name, vendor: name, version: name, identifiers: [] }, naming).match).toBe(
        "certain",
      );
      expect(match({ product: "app", vendor: name, version: name, identifiers: [] }, naming).match).toBe(
        "no",
      );
    }
  });
});

describe("names with what nobody sees", () => {
  const naming: Naming = {
    product: "X_TRADER",
    vendor: "Example Technologies",
    identifiers: [],
    scheme: "generic",
    versions: "all",
  };

  it.each([
    ["X\u200b_TRADER", "Example Technologies"],
    ["X_TRADER\u200e", "Example\u00ad Technologies"],
    ["X\u2060_TRA\ufe0fDER\0", "Example\0Technologies"],
    [`X${" ".repeat(400)}_TRADER`, `${" ".repeat(400)}Example Technologies`],
    ["\u202eX_TRADER", "\ufeffEXAMPLE TECHNOLOGIES"],
  ])("agrees about %j of %j", (product, vendor) => {
    const written = { product, vendor, identifiers: [] };
    expect(match(written, naming).match).toBe("certain");
    expect(keysOf(naming)).toEqual(expect.arrayContaining([...keysOf(written)]));
  });
});
