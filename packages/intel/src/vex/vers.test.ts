import { describe, expect, it } from "vitest";
import { parseVersions } from "./vers.ts";

describe("ranges of versions as texts", () => {
  it.each([
    ["vers:deb/>=1.0|<2.0", "deb", { ranges: [{ introduced: "1.0", fixed: "2.0" }], exact: [] }],
    [
      "vers:npm/1.2.3|>=2.0.0|<5.0.0",
      "semver",
      { ranges: [{ introduced: "2.0.0", fixed: "5.0.0" }], exact: ["1.2.3"] },
    ],
    ["vers:pypi/<=1.0|!=0.9", "pep440", { ranges: [{ lastAffected: "1.0" }], exact: [], except: ["0.9"] }],
    ["vers:generic/>1.0", "generic", { ranges: [{ introduced: "1.0" }], exact: [], except: ["1.0"] }],
    ["vers:intdot/<3", "generic", { ranges: [{ fixed: "3" }], exact: [] }],
    ["All versions", "generic", "all"],
    ["All versions < V2.1", "generic", { ranges: [{ fixed: "2.1" }], exact: [] }],
    [">= 1.0, < 2.0", "generic", { ranges: [{ introduced: "1.0", fixed: "2.0" }], exact: [] }],
    ["All versions >= V3.0 < V3.5", "generic", { ranges: [{ introduced: "3.0", fixed: "3.5" }], exact: [] }],
    ["<4.2.1", "generic", { ranges: [{ fixed: "4.2.1" }], exact: [] }],
    ["vers:generic/*", "generic", "all"],
    ["vers:deb/1%3A2.3", "deb", { ranges: [], exact: ["1:2.3"] }],
  ])("understands %s", (text, scheme, versions) => {
    expect(parseVersions(text)).toEqual({ scheme, versions });
  });

  it.each([
    "",
    "vers:npm/",
    "versions",
    "all of them",
    "versions of the year",
    ">=1|>=2",
    "vers:npm/>=1|*",
    "<%E0%A4%A",
    "vers:npm/<a b|",
    `<${"1".repeat(300)}`,
  ])("makes nothing of %s", (text) => {
    expect(parseVersions(text)).toBeUndefined();
  });

  it("has no name of an object's own for a scheme", () => {
    expect(parseVersions("vers:constructor/1")?.scheme).toBe("generic");
  });
});
