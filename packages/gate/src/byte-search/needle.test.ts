import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NeedleTable, needleOf, type Sighting } from "./needle.ts";

const find = (table: NeedleTable, bytes: Buffer, from = 0, to = bytes.length): Sighting[] => [
  ...table.search(bytes, from, to),
];

describe("NeedleTable", () => {
  const table = new NeedleTable([
    needleOf("any", "/Library/Launch"),
    needleOf("wide", "Software", { width: 2 }),
    needleOf("clear", "aaab", { keys: "none" }),
    needleOf("hidden", "http://", { keys: "hidden" }),
  ]);

  it("finds each needle under every key it asks for", () => {
    for (let key = 0; key < 256; key += 1) {
      const bytes = Buffer.from(
        `xx/Library/Launch aaab http:// ${Buffer.from("Software", "utf16le").toString("latin1")}`,
        "latin1",
      );
      const found = find(table, Buffer.from(bytes.map((byte) => byte ^ key)));
      const names = found.map((sighting) => sighting.name);
      expect(names).toEqual(key === 0 ? ["any", "clear", "wide"] : ["any", "hidden", "wide"]);
      expect(found.every((sighting) => sighting.key === key)).toBe(true);
      expect(found[0]?.index).toBe(2);
    }
  });

  it("finds what indexOf finds, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "aaab", "b", "aa", "\0", "/Library/Launch")), (parts) => {
        const bytes = Buffer.from(parts.join(""));
        const expected = [];
        for (let at = bytes.indexOf("aaab"); at >= 0; at = bytes.indexOf("aaab", at + 1)) expected.push(at);
        const found = find(table, bytes).filter(({ name }) => name === "clear");
        expect(found.map(({ index }) => index)).toEqual(expected);
      }),
      { seed: 4 },
    );
  });

  it("takes only what begins in the part that is asked for", () => {
    const bytes = Buffer.from("aaab aaab aaab");
    expect(find(table, bytes, 1, 10).map(({ index }) => index)).toEqual([5]);
    expect(find(table, bytes, 5, 6).map(({ index }) => index)).toEqual([5]);
  });

  it("finds nothing in too few bytes", () => {
    for (const text of ["", "a", "aaa", "aab"]) expect(find(table, Buffer.from(text))).toEqual([]);
  });
});
