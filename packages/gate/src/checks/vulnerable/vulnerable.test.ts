import type { Claim } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { Artifact } from "../../artifact.ts";
import { intelWith, snapshotWith } from "../intel.fixture.ts";
import {
  ask,
  baselineOf,
  example,
  exploited,
  known,
  list,
  part,
  SNAPSHOTS,
  seen,
  withParts,
  world,
} from "./vulnerable.fixture.ts";

describe("vulnerable, of the product itself", () => {
  it("fails what is being exploited and mended elsewhere, with who says so and how old that is", async () => {
    const [observation] = await seen(example, world({ Example: [known({ ...exploited, score: 8.8 })] }));
    expect(observation).toMatchObject({
      outcome: "fail",
      because:
        "Example 1.2 has CVE-2024-0001 (CVSS 8.8), which has been exploited since 2024-02-03; fixed in 1.3 (Public list of 2026-01-01)",
      facts: {
        productIsExploited: true,
        needsReview: false,
        malicious: false,
        vulnerability: "CVE-2024-0001",
      },
    });
  });

  it("says whose word it is that it is exploited, and how old that is", async () => {
    const kev = snapshotWith({ id: "k", source: "kev", title: "CISA's list", isStale: true });
    const intel = intelWith({
      snapshots: [list, kev],
      vulnerabilities: async (claims: readonly Claim[]) => claims.map(() => [known(exploited)]),
    });
    const [observation] = await seen(example, { intel });
    expect(observation?.because).toMatch(
      /\(Public list of 2026-01-01 and CISA's list of 2026-01-01, which is out of date\)$/,
    );
    expect(observation?.facts.sources).toMatchObject([{ id: "list" }, { id: "k", isStale: true }]);
  });

  it("asks for a person where no fix is named", async () => {
    const [observation] = await seen(example, world({ Example: [known({ exploitedSince: "2024-02-03" })] }));
    expect(observation).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(/no fix is named/),
      facts: { productIsExploited: false, needsReview: true },
    });
  });

  it("shows what nobody exploits, and fails nothing by it", async () => {
    const grave = known({ score: 9.8, probability: 0.9, fixedIn: ["2"] });
    expect(await seen(example, world({ Example: [grave] }))).toMatchObject([
      { outcome: "pass", facts: { notable: true, vulnerabilityCount: 1 } },
    ]);
  });

  it("never fails by what is only possible, and says that it may be", async () => {
    const maybe = known(exploited, { match: "possible", because: "the version is not known" });
    expect(await ask(example, world({ Example: [maybe] }))).toEqual({
      notChecked: expect.stringMatching(
        /no vulnerability of Example 1.2 is known for certain; .*perhaps in it: CVE-2024-0001 \(the version is not known\)/,
      ),
    });
  });

  it("counts one vulnerability under several names once, and ranks: exploited, likely, grave", async () => {
    const [observation] = await seen(
      example,
      world({
        Example: [
          known({ id: "CVE-2024-0009", score: 10 }),
          known({ id: "GHSA-2222-3333-4444", aliases: ["CVE-2024-0001"], fixedIn: ["1.3"] }),
          known({ id: "CVE-2024-0001", exploitedSince: "2024-02-03" }, { snapshot: "maker" }),
          known({ id: "CVE-2024-0005", probability: 0.7 }),
        ],
      }),
    );
    const { vulnerabilities } = observation?.facts ?? {};
    expect(vulnerabilities).toMatchObject([
      {
        id: "CVE-2024-0001",
        aliases: ["GHSA-2222-3333-4444"],
        fixedIn: ["1.3"],
        snapshots: ["list", "maker"],
      },
      { id: "CVE-2024-0005" },
      { id: "CVE-2024-0009" },
    ]);
    expect(observation?.because).toMatch(
      /, and 2 more \(Public list of 2026-01-01 and Makers of 2026-01-01\)$/,
    );
    expect(observation?.facts).toMatchObject({ vulnerabilityCount: 3, productIsExploited: true });
  });

  it("refuses what was published to do harm", async () => {
    const [observation] = await seen(
      example,
      world({ Example: [known({ id: "MAL-2024-1", summary: "Steals." })] }),
    );
    expect(observation).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(/^Example 1.2 is known to be malicious \(MAL-2024-1: Steals.\)/),
      facts: { malicious: true },
    });
  });
});

describe("vulnerable, of what is inside", () => {
  it("shows a part that is being exploited with its path, and holds nothing without a baseline", async () => {
    const artifact = withParts(part("Part"));
    for (const given of [{}, baselineOf()])
      expect(await seen(artifact, { ...world({ Part: [known(exploited)] }), ...given })).toMatchObject([
        { outcome: "pass", path: "app/part.bin", facts: { needsReview: false, notable: true } },
      ]);
  });

  it("takes nothing for certain of what a system's package keeps, however long it has been exploited", async () => {
    const library = (path: string, name = "Part") => ({
      ...(withParts(part(name)).members[0] ?? example.root),
      path: `data.tar.xz/content/./${path}`,
    });
    const packaged = (...members: Artifact["members"]): Artifact => ({
      root: { ...example.root, format: "deb" },
      members,
    });
    const given = { ...world({ Part: [known(exploited)] }), ...baselineOf("2024-01-01T00:00:00Z") };
    const kept = library("usr/lib/x86_64-linux-gnu/libpart.so.1");
    expect(await seen(packaged(kept), given)).toMatchObject([
      { outcome: "pass", because: expect.stringMatching(/Part 1 \(1\) may have .*osv=Debian:12/) },
    ]);
    expect(await seen(packaged(kept, library("opt/part/libpart.so.1")), given)).toMatchObject([
      { outcome: "fail", path: "data.tar.xz/content/./opt/part/libpart.so.1" },
      { outcome: "pass" },
    ]);
    const versionless = world({ Part: [known(exploited, { match: "possible" })] });
    expect(await ask(packaged(kept), versionless)).toHaveProperty("notChecked");
    const harmful = world({ Part: [known({ id: "MAL-2024-1" })] });
    expect(await seen(packaged(kept), harmful)).toMatchObject([
      { outcome: "fail", facts: { malicious: true } },
    ]);
  });

  it("tells once what a file says of itself and a mark in it says as well", async () => {
    const twice = withParts(
      part("Part", { vendor: "Maker" }),
      part("part", { version: "1.0" }),
      part("Other"),
    );
    const table = { Part: [known()], part: [known()], Other: [known()] };
    expect((await seen(twice, world(table))).map(({ facts }) => facts.product)).toEqual([
      "Part 1",
      "Other 1",
    ]);
  });

  it("does not ask a list for an operating system by its name", async () => {
    const system = part("Example Linux", { type: "operating-system" });
    expect(await ask(withParts(system), world({ "Example Linux": [known(exploited)] }))).toEqual({
      notChecked: expect.stringMatching(/^no vulnerability of Example 1.2, or of the 1 part inside/),
    });
  });

  it.each([
    ["2024-02-02T12:00:00Z", "fail", true],
    ["2024-02-03T12:00:00Z", "pass", false],
    ["2024-05-01T12:00:00Z", "pass", false],
  ])("of a baseline let in at %s: %s", async (admittedAt, outcome, needsReview) => {
    const given = { ...world({ Part: [known(exploited)] }), ...baselineOf(admittedAt) };
    expect(await seen(withParts(part("Part")), given)).toMatchObject([{ outcome, facts: { needsReview } }]);
  });

  it("never refuses for a part, but for a malicious one", async () => {
    const table = { Part: [known(exploited)], Evil: [known({ id: "MAL-2024-1" })] };
    expect(await seen(withParts(part("Part"), part("Evil")), world(table))).toMatchObject([
      { outcome: "fail", facts: { product: "Evil 1", malicious: true } },
      { outcome: "pass", facts: { product: "Part 1", productIsExploited: false } },
    ]);
  });

  it("tells parts in their rank, and those beyond twenty in one line", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `Part${String(index).padStart(2, "0")}`);
    const table = Object.fromEntries(
      names.map((name, index) => [name, [known({ probability: index / 100 })]]),
    );
    const observations = await seen(withParts(...names.map((name) => part(name))), world(table));
    expect(observations).toHaveLength(21);
    expect(observations[0]?.facts.product).toBe("Part29 1");
    expect(observations.at(-1)?.because).toMatch(
      /^inside as well: known vulnerabilities of Part09 1, .* and 5 more parts$/,
    );
  });

  it.each([
    ["Example", true],
    ["Example 1.2 (64-bit)", true],
    ["Example Studio", false],
    ["Examples", false],
  ])("takes what is recognised as Example in %s for the product itself: %s", async (product, isItself) => {
    const artifact = withParts(part("Example", { vendor: "Example Project" }));
    const named = { ...artifact, root: { ...artifact.root, identity: { product, company: "A. Person" } } };
    const intel = intelWith({
      snapshots: SNAPSHOTS,
      vulnerabilities: async (claims: readonly Claim[]) =>
        claims.map(({ vendor }) => (vendor === "Example Project" ? [known(exploited)] : [])),
    });
    expect(await seen(named, { intel })).toMatchObject([{ facts: { productIsExploited: isItself } }]);
  });

  it("does not ask about what another part answers for", async () => {
    const artifact = withParts(part("Electron"), part("Chromium"));
    expect(await ask(artifact, world({ Chromium: [known(exploited)] }))).toHaveProperty("notChecked");
  });
});

describe("vulnerable, of more than is asked about", () => {
  it("does not know, and asks for a few at once", async () => {
    const parts = Array.from({ length: 6000 }, (_, at) => part(`Part ${at}`));
    const asked: number[] = [];
    const intel = intelWith({
      snapshots: SNAPSHOTS,
      vulnerabilities: async (claims) => {
        asked.push(claims.length);
        return claims.map(() => []);
      },
    });
    expect(await seen(withParts(...parts), { intel })).toEqual([
      {
        outcome: "unknown",
        because: "says that it holds 6000 parts, of which 5000 were asked about",
        facts: expect.objectContaining({ leftOutCount: 1000, malicious: false, needsReview: false }),
      },
    ]);
    expect(Math.max(...asked)).toBeLessThanOrEqual(50);
  });
});

describe("vulnerable, without knowledge", () => {
  it("is not checked, and says what to do", async () => {
    expect(await ask(example, {})).toEqual({ notChecked: "nothing that the world knows is at hand" });
    expect(await ask(example, { intel: intelWith({ snapshots: [] }) })).toEqual({
      notChecked: expect.stringMatching(/run: sallyport intel sync kev/),
    });
  });

  it("does not take silence for a proof, and says what was silent", async () => {
    expect(await ask(withParts(part("Part")), world({}))).toEqual({
      notChecked:
        "no vulnerability of Example 1.2, or of the 1 part inside is known for certain; asked: Public list of 2026-01-01, Makers of 2026-01-01 and Us of 2026-01-01",
    });
  });

  it("says that a list is out of date wherever it is used", async () => {
    const stale = intelWith({
      snapshots: [{ ...list, isStale: true }],
      vulnerabilities: async (claims: readonly Claim[]) => claims.map(() => [known()]),
    });
    const [observation] = await seen(example, { intel: stale });
    expect(observation?.because).toMatch(/Public list of 2026-01-01, which is out of date/);
  });
});
