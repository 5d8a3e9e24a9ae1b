import { describe, expect, it } from "vitest";
import type { Comparison } from "../../diff/comparison.ts";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import type { Baseline, CheckContext } from "../check.ts";
import { unsignedUpdate } from "./index.ts";
import { isSamePlace } from "./same-place.ts";

const before = "https://tools.example/get/tool-1.2.zip";
const after = "https://tools.example/get/tool-1.3.zip";
const comparison: Comparison = {
  sameProduct: undefined,
  counts: { members: 2, unchanged: 1, changed: 1, added: 0, removed: 0 },
  differences: [
    { trait: "files", rule: "changed", risk: "info", because: "changed", path: "a", memberCount: 1 },
  ],
  notCompared: [],
};
const baseline: Baseline = {
  label: "tool-1.2.zip",
  sha256: "ab".repeat(32),
  comparison,
  admittedAt: "2026-01-01T00:00:00Z",
  isAdmittedByPerson: true,
  origins: [{ urls: [before], toldBy: "download" }],
};
const differing = (risk: "low" | "medium" | "high") => ({
  ...baseline,
  comparison: {
    ...comparison,
    differences: [{ trait: "files", rule: "x", risk, because: "x", path: "a", memberCount: 1 }],
  },
});

const examine = (given: Partial<CheckContext>, artifact = rootWith({})) =>
  unsignedUpdate.examine?.({
    artifact,
    context: contextWith({ baseline, origin: { urls: [after], toldBy: "download" }, ...given }),
  });

describe("unsigned-update", () => {
  it("passes an ordinary update of what a person admitted, from the same place", async () => {
    expect(await examine({})).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(
        /^continues tool-1\.2\.zip, which a person admitted, from the same place/,
      ),
      facts: { baseline: `sha256:${"ab".repeat(32)}`, url: after, baselineUrl: before },
    });
  });

  it.each<[string, Partial<CheckContext>]>([
    ["no person's word", { baseline: { ...baseline, isAdmittedByPerson: false } }],
    ["the same product", { baseline: { ...baseline, comparison: { ...comparison, sameProduct: false } } }],
    [
      "not everything could be compared",
      {
        baseline: { ...baseline, comparison: { ...comparison, notCompared: [{ path: "a", because: "b" }] } },
      },
    ],
    ["1 differences", { baseline: differing("low") }],
    ["1 differences", { baseline: differing("high") }],
    ["nobody said where tool", { baseline: { ...baseline, origins: [] } }],
    [
      "nobody said where tool",
      { baseline: { ...baseline, origins: [{ urls: [before], toldBy: "mark-of-the-web" }] } },
    ],
    ["the same place", { origin: { urls: ["https://other.example/get/tool-1.3.zip"], toldBy: "download" } }],
    [
      "without https",
      { origin: { urls: [after, "http://cdn.example/x", "https://cdn.example/x"], toldBy: "download" } },
    ],
    ["without https", { origin: { urls: ["http://tools.example/get/tool-1.3.zip"], toldBy: "download" } }],
    ["the very page that led to it", { published: { name: "https://tools.example/latest.yml", text: "x" } }],
    ["nobody says where it came from", { origin: { urls: [after], toldBy: "mark-of-the-web" } }],
  ])("is not asked where %s", async (because, given) => {
    expect(await examine(given)).toEqual({ notChecked: expect.stringContaining(because) });
  });

  it("takes hashes that a person brought, whatever the file is called", async () => {
    for (const name of ["SHA256SUMS", "C:\\sums.txt", "/tmp/https/sums"])
      expect(await examine({ published: { name, text: "x" } })).toMatchObject({ outcome: "pass" });
  });

  it("leaves what is signed to its signer, and what has no baseline alone", async () => {
    const signed = rootWith({ signatures: [signedBy("Example", { integrity: "fail" })] });
    expect(await examine({}, signed)).toEqual([]);
    const { baseline: _, ...without } = contextWith({ baseline });
    expect(await unsignedUpdate.examine?.({ artifact: rootWith({}), context: without })).toHaveProperty(
      "notChecked",
    );
  });
});

it.each([
  [before, after, true],
  [
    "https://a.example/o/r/releases/download/v1.2/x-1.2.zip",
    "https://a.example/o/r/releases/download/v1.3/x-1.3.zip",
    true,
  ],
  [
    "https://a.example/o/r/releases/download/1.2/x.zip",
    "https://a.example/mallory/r/releases/download/1.2/x.zip",
    false,
  ],
  ["https://a.example/user1/r/x-1.zip", "https://a.example/user2/r/x-2.zip", false],
  ["https://a.example/o/r1/x-1.zip", "https://a.example/o/r2/x-1.zip", false],
  ["https://a.example/1.2/x.zip", "https://a.example/1.3/x.zip", true],
  ["https://a.example/x-1.zip", "https://a.example/x-2.zip", true],
  ["https://a.example/x-1.zip", "https://a.example/y-2.zip", false],
  ["https://a.example/x.zip?f=1", "https://a.example/x.zip?f=2", false],
  ["https://a.example/x.zip?f=1", "https://a.example/x.zip?f=1", false],
  ["https://a.example/get?to=https://b.example/x", "https://a.example/get", false],
  [
    "https://a.example/attachments/files/12345/x.zip",
    "https://a.example/attachments/files/12399/x.zip",
    false,
  ],
  ["https://a.example/attachments/12345/x-1.zip", "https://a.example/attachments/12399/x-1.zip", false],
  ["https://a.example/d/s/123456", "https://a.example/d/s/123499", false],
  ["https://a.example/o/r/1a2b3c/x.zip", "https://a.example/o/r/9a8b7c/x.zip", false],
  ["https://a.example/o/r/v12/app3.4-x64.zip", "https://a.example/o/r/v13/app3.5-x64.zip", true],
  ["https://a.example@b.example/x-1.zip", "https://a.example/x-1.zip", false],
  ["https://me@a.example/x-1.zip", "https://a.example/x-1.zip", false],
  ["https://a.example/a/x.zip", "https://a.example/a/b/x.zip", false],
  ["https://a.example:8443/x.zip", "https://a.example/x.zip", false],
  ["ftp://a.example/x.zip", "ftp://a.example/x.zip", false],
  ["", "", false],
])("says of %s and %s whether they are one place", (a, b, same) => {
  expect(isSamePlace(a, b)).toBe(same);
});
