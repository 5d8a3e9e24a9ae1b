import type { Indicator, Intel, Known, Observable, Snapshot } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import type { ArtifactMember } from "../../artifact.ts";
import { writeValues } from "../../search/searched-values.ts";
import { contextWith, rootWith, signedBy } from "../check.fixture.ts";
import type { CheckContext } from "../check.ts";
import { indicator } from "./index.ts";

const SNAPSHOT: Snapshot = {
  id: "stix:2026-01-01:aa",
  source: "stix",
  title: "Example reports",
  authority: "public",
  licence: "CC0-1.0",
  asOf: "2026-01-01T00:00:00.000Z",
  fetchedAt: "2026-01-01T00:00:00.000Z",
  isStale: false,
};

type Row = Partial<Indicator> & Observable;
const knownOf = (row: Row, asked: string): Known<Indicator> => ({
  fact: { title: "Example attack", references: [], ...row },
  snapshot: SNAPSHOT.id,
  match: "certain",
  because: asked,
});

/** Knows these, and every name below a domain. */
function intelWith(rows: readonly Row[], snapshots: readonly Snapshot[] = [SNAPSHOT]): Intel {
  const isMeant = (row: Row, { kind, value }: Observable) =>
    row.kind === kind && (row.value === value || (kind === "domain" && value.endsWith(`.${row.value}`)));
  const none = async () => [];
  return {
    snapshots,
    snapshotsOn: (topic) => (topic === "indicator" ? snapshots : []),
    lifecycles: none,
    vulnerabilities: none,
    indicators: async (observables) =>
      observables.flatMap((asked) =>
        rows.filter((row) => isMeant(row, asked)).map((row) => knownOf(row, asked.value)),
      ),
    indicatorValues: async () => [],
    hasIndicators: async () => false,
    witnesses: async () => ({ agree: [], disagree: [] }),
    supplier: async () => undefined,
  };
}

const member = (path: string, given: Partial<ArtifactMember> = {}): ArtifactMember => ({
  path,
  sha256: "1".repeat(64),
  sizeBytes: 1,
  format: "pe",
  signatures: [],
  ...given,
});

async function examine(
  rows: readonly Row[],
  members: readonly ArtifactMember[],
  given: Partial<CheckContext> = {},
) {
  const { recall } = indicator;
  if (typeof recall !== "object") throw new Error("no recall");
  const context = contextWith({ intel: intelWith(rows), ...given });
  const artifact = { ...rootWith({}), members, searched: { values: 7 } };
  // Through text, as it is kept beside a decision.
  const asked = JSON.parse(JSON.stringify(recall.ask({ artifact, context })));
  const result = await recall.answer(asked, context);
  return "notChecked" in result ? result : [result].flat();
}

describe("indicator", () => {
  it("fails a member whose hash is known, and says where it is known from", async () => {
    const rows: Row[] = [{ kind: "sha256", value: "2".repeat(64), references: ["https://report.example/"] }];
    expect(await examine(rows, [member("a.exe"), member("b/c.dll", { sha256: "2".repeat(64) })])).toEqual([
      {
        outcome: "fail",
        path: "b/c.dll",
        because: "its SHA-256 is known: Example attack",
        facts: expect.objectContaining({
          strong: true,
          kind: "sha256",
          references: ["https://report.example/"],
          sources: [expect.objectContaining({ source: "stix", licence: "CC0-1.0", asOf: SNAPSHOT.asOf })],
        }),
      },
    ]);
  });

  it("knows a serial number whatever zeros stand in front of it", async () => {
    const { signer } = signedBy("Example Software");
    if (signer === undefined) throw new Error("no signer");
    const signatures = [
      signedBy("Example Software", { signer: { ...signer, serial: "008538A6C5018F50FC" } }),
    ];
    const rows: Row[] = [{ kind: "certificate-serial", value: "8538a6c5018f50fc" }];
    const found = await examine(rows, [member("setup.exe", { signatures })]);
    expect(found).toMatchObject([{ outcome: "fail", path: "setup.exe" }]);
  });

  it("knows every certificate on a signer's path by its hash", async () => {
    const { signer } = signedBy("Example Authority");
    const chain = signer === undefined ? [] : [{ ...signer, sha256: "CD".repeat(32) }];
    const signatures = [signedBy("Example Software", { chain })];
    const rows: Row[] = [{ kind: "certificate-sha256", value: "cd".repeat(32) }];
    expect(await examine(rows, [member("setup.exe", { signatures })])).toMatchObject([{ outcome: "fail" }]);
  });

  it("knows signed content in a file with other bytes", async () => {
    const signatures = [signedBy("Example Software", { digest: "AB".repeat(32) })];
    const rows: Row[] = [{ kind: "signed-content", value: "ab".repeat(32) }];
    expect(await examine(rows, [member("setup.exe", { signatures })])).toMatchObject([
      { outcome: "fail", because: expect.stringMatching(/^what its signature covers is known/) },
    ]);
  });

  it("counts one indicator once, however many members have it", async () => {
    const rows: Row[] = [{ kind: "sha256", value: "1".repeat(64) }];
    expect(await examine(rows, [member("a"), member("b"), member("c")])).toMatchObject([
      { path: "a", facts: { memberCount: 3, members: ["a", "b", "c"] } },
    ]);
  });

  it("shows what ran out, and does not count it", async () => {
    const rows: Row[] = [{ kind: "sha256", value: "1".repeat(64), validUntil: "2025-06-01T00:00:00.000Z" }];
    expect(await examine(rows, [member("a")])).toMatchObject([
      { outcome: "pass", because: expect.stringMatching(/^none of 2 files/) },
      { outcome: "pass", because: expect.stringMatching(/let it run out on 2025-06-01/) },
    ]);
  });

  it("fails what came from a place that is known, or from below it", async () => {
    const rows: Row[] = [{ kind: "domain", value: "evil.example" }];
    const origin = { urls: ["https://Cdn.Evil.Example/setup.exe"], toldBy: "download" } as const;
    const [seen] = [await examine(rows, [], { origin })].flat();
    expect(seen).toMatchObject({ outcome: "fail", because: expect.stringMatching(/domain evil\.example/) });
    expect(seen).not.toHaveProperty("path");
  });

  it("takes a member that names many domains for a list, which a person looks at", async () => {
    const rows: Row[] = Array.from({ length: 60 }, (_, index) => ({
      kind: "domain",
      value: `evil-${index}.example`,
    }));
    const list = member("hosts.txt", { sightings: rows.map(({ kind, value }) => ({ kind, value })) });
    const found = await examine(rows, [list]);
    expect(found).toHaveLength(60);
    expect(found).toMatchObject([{ outcome: "fail", facts: { strong: false } }, ...Array(59).fill({})]);
    const program = member("a.exe", { sightings: [{ kind: "domain", value: "evil-3.example" }] });
    const both = [await examine(rows, [list, program])].flat();
    expect(both.filter((seen) => "facts" in seen && seen.facts.strong === true)).toHaveLength(1);
  });

  it("says how much was searched for, and what came later", async () => {
    expect(await examine([], [member("a")])).toMatchObject([
      {
        outcome: "pass",
        because: expect.stringMatching(/; 7 domains, addresses and texts searched for in them$/),
      },
    ]);
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    const context = contextWith({ intel: intelWith([]) });
    const asked = recall.ask({ artifact: { ...rootWith({}), searched: { values: 7 } }, context });
    const later = { ...SNAPSHOT, id: "misp:2026-02-02:bb", source: "misp" };
    const intel: Intel = {
      ...intelWith([], [SNAPSHOT, later]),
      indicatorValues: async () => ["evil.example"],
    };
    expect(await recall.answer(asked, contextWith({ intel }))).toMatchObject([
      { because: expect.stringMatching(/without what was told later: .*Example reports/) },
    ]);
  });

  it("needs the bytes again for values that are new, and not for a list that was only published anew", async () => {
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    const wish = { domains: ["evil.example", "bad.example"], urls: [], texts: ["mark"], digests: [] };
    const artifact = { ...rootWith({}), searched: { values: 3, written: writeValues(wish) } };
    const asked = JSON.parse(
      JSON.stringify(recall.ask({ artifact, context: contextWith({ intel: intelWith([]) }) })),
    );
    const tomorrow = (domains: readonly string[]): CheckContext => {
      const intel = intelWith([], [{ ...SNAPSHOT, id: "stix:2026-01-02:bb" }]);
      const values = { domain: domains, url: [], text: ["mark"] };
      return contextWith({ intel: { ...intel, indicatorValues: async (kind) => values[kind] } });
    };
    const refreshed = tomorrow(["bad.example", "evil.example"]);
    expect(await recall.unseen?.(asked, refreshed)).toBeUndefined();
    expect(await recall.answer(asked, refreshed)).toMatchObject([
      { because: expect.stringMatching(/; 3 domains, addresses and texts searched for in them$/) },
    ]);
    const grown = tomorrow(["bad.example", "evil.example", "new.example"]);
    const later = "1 domain, address or text that was told later";
    expect(await recall.unseen?.(asked, grown)).toBe(`it was not searched for ${later}`);
    expect(await recall.answer(asked, grown)).toMatchObject([
      { because: expect.stringContaining(`, without ${later}`) },
    ]);
  });

  it("needs the bytes again when files are known by a digest that was not computed", async () => {
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    const intel: Intel = { ...intelWith([]), hasIndicators: async (kind) => kind === "md5" };
    const context = contextWith({ intel });
    const { root } = rootWith({});
    const ask = (sightings: readonly Observable[]) =>
      recall.ask({ artifact: { ...rootWith({}), root: { ...root, sightings } }, context });
    expect(await recall.unseen?.(ask([]), context)).toBe("files are known by their MD5, which it has not");
    expect(await recall.unseen?.(ask([{ kind: "md5", value: "ab".repeat(16) }]), context)).toBeUndefined();
  });

  it("says the age of what it knows when that is stale", async () => {
    const intel = intelWith([], [{ ...SNAPSHOT, isStale: true }]);
    expect(await examine([], [], { intel })).toMatchObject([
      { because: expect.stringMatching(/\(1 of them stale, as of 2026-01-01\)/) },
    ]);
  });

  it("is not checked when nothing is known, and says what to do", async () => {
    const nothing = { notChecked: expect.stringMatching(/intel sync/) };
    expect(await examine([], [], { intel: intelWith([], []) })).toMatchObject(nothing);
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    expect(await recall.answer({}, contextWith({}))).toMatchObject(nothing);
  });

  it("reads what an older version asked, or somebody broke, without a crash", async () => {
    const { recall } = indicator;
    if (typeof recall !== "object") throw new Error("no recall");
    const context = contextWith({ intel: intelWith([]) });
    for (const asked of [{}, { members: 7 }, { members: [null, [], { sha256: 3, sightings: [["x"], 4] }] }])
      expect(await recall.answer(asked, context)).toMatchObject([{ outcome: "pass" }]);
  });
});

describe("indicator, of what is cut", () => {
  it("does not know, when a file was not searched to its end", async () => {
    const members = [member("a.exe", { unsearched: "takes longer to look at than the 20 s it may take" })];
    expect(await examine([], members)).toMatchObject([
      { outcome: "unknown", because: expect.stringMatching(/^1 file could not be searched to the end/) },
      { outcome: "pass" },
    ]);
  });

  it("counts one that matters behind hundreds that ran out", async () => {
    const named = Array.from(
      { length: 300 },
      (_, at) => ({ kind: "domain", value: `d${at}.example` }) as const,
    );
    const rows: Row[] = named.map((row, at) => ({
      ...row,
      ...(at !== 250 && { validUntil: "2020-01-01T00:00:00Z" }),
    }));
    const found = await examine(rows, [member("a.exe", { sightings: named })]);
    if ("notChecked" in found) throw new Error(found.notChecked);
    expect(found.some(({ outcome }) => outcome === "fail")).toBe(true);
  });
});
