import { describe, expect, it } from "vitest";
import { example, exploited, known, part, seen, withParts, world } from "./vulnerable.fixture.ts";

describe("vulnerable, and what makers say of it", () => {
  const said = (author: string, snapshot: string, status: "not-affected" | "affected" = "not-affected") =>
    known({
      ...exploited,
      statements: [{ status, author, snapshot, justification: "vulnerable_code_not_present" }],
    });

  it("takes the own maker's word, and says whose it is", async () => {
    expect(await seen(example, world({ Example: [said("Example, Inc.", "maker")] }))).toMatchObject([
      {
        outcome: "pass",
        because:
          "Example 1.2: Example, Inc. says that it does not have CVE-2024-0001: vulnerable code not present (Public list of 2026-01-01 and Makers of 2026-01-01)",
        facts: { vulnerabilityCount: 0, cleared: [{ id: "CVE-2024-0001" }] },
      },
    ]);
  });

  it("takes the organisation's word", async () => {
    const [observation] = await seen(example, world({ Example: [said("Security team", "house")] }));
    expect(observation).toMatchObject({ outcome: "pass" });
  });

  it.each([
    ["somebody else's word", said("Another Firm", "maker")],
    ["a public list's word in the maker's name", said("Example Ltd", "list")],
    ["a statement from a snapshot that is not there", said("Example Ltd", "gone")],
    ["the maker's word that it is affected", said("Example Ltd", "maker", "affected")],
  ])("changes nothing by %s", async (_, one) => {
    expect(await seen(example, world({ Example: [one] }))).toMatchObject([
      { outcome: "fail", facts: { productIsExploited: true } },
    ]);
  });

  it("takes the organisation's word before the maker's, and no word that contradicts itself", async () => {
    const both = (authors: readonly (readonly [string, string, "affected" | "not-affected"])[]) =>
      known({
        ...exploited,
        statements: authors.map(([author, snapshot, status]) => ({ author, snapshot, status })),
      });
    const overruled = both([
      ["Security team", "house", "affected"],
      ["Example Ltd", "maker", "not-affected"],
    ]);
    const doubtful = both([
      ["Example Ltd", "maker", "affected"],
      ["Example Ltd", "maker", "not-affected"],
    ]);
    for (const one of [overruled, doubtful])
      expect(await seen(example, world({ Example: [one] }))).toMatchObject([{ outcome: "fail" }]);
  });

  it("takes a distribution's word about its own package", async () => {
    const identifiers = [{ kind: "purl", value: "pkg:rpm/redhat/openssl@3.0.7-1.el9" }] as const;
    const artifact = withParts(part("openssl", { identifiers }));
    expect(
      await seen(artifact, world({ openssl: [said("Red Hat Product Security", "maker")] })),
    ).toMatchObject([{ outcome: "pass", facts: { vulnerabilityCount: 0 } }]);
  });
});
