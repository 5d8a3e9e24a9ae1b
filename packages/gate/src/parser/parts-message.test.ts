import { describe, expect, it } from "vitest";
import { readParts } from "./parts-message.ts";

const sighting = { kind: "domain", value: "evil.example" };

describe("what was searched for and found", () => {
  it("is read as it was sent", () => {
    const parts = {
      components: [],
      sightings: [sighting, { kind: "md5", value: "ab".repeat(16) }],
      unsearched: "why",
    };
    expect(readParts(parts)).toEqual(parts);
  });

  it.each([
    7,
    "domain",
    [null],
    [{}],
    [{ kind: "sha256", value: "x" }],
    [{ kind: "__proto__", value: "x" }],
    [{ kind: "domain" }],
    [{ kind: "domain", value: 7 }],
    [{ kind: "domain", value: "x".repeat(20_000) }],
    Array.from({ length: 10_001 }, () => sighting),
  ])("is not believed as %j", (sightings) => {
    expect(() => readParts({ components: [], sightings })).toThrow(/impossible/);
  });
});
