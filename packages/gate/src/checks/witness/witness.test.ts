import type { Known, Witness, WitnessReport } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { contextWith, rootWith } from "../check.fixture.ts";
import { intelWith, snapshotWith } from "../intel.fixture.ts";
import { askAndAnswer } from "../recall.fixture.ts";
import { witness } from "./index.ts";

const own = "ab".repeat(32);
const other = "cd".repeat(32);
const url = "https://software.example/app-1.2.3-x64.msi";
const artifact = rootWith({
  sha256: own,
  identity: { product: "App", company: "Example Software", version: "1.2.3" },
});

const seen = (given: Partial<Witness>, source = "scoop", match: "certain" | "possible" = "certain") =>
  ({
    fact: { sha256: own, packageId: "app", version: "1.2.3", url, since: "2026-01-01T00:00:00Z", ...given },
    snapshot: `${source}@1`,
    match,
    because: "the hash is the same",
  }) satisfies Known<Witness>;

const scoop = snapshotWith({ id: "scoop@1", source: "scoop", title: "Scoop buckets", answers: ["witness"] });
const winget = snapshotWith({ id: "winget@1", source: "winget", title: "winget", answers: ["witness"] });

const ask = (report: Partial<WitnessReport>, given: Parameters<typeof contextWith>[0] = {}) =>
  askAndAnswer(
    witness,
    artifact,
    contextWith({
      label: "app-1.2.3-x64.msi",
      intel: intelWith({ snapshots: [scoop, winget], witnesses: { agree: [], disagree: [], ...report } }),
      ...given,
    }),
  );

describe("witness", () => {
  it("is not checked when no list was read, and says what to do", async () => {
    const result = await ask({}, { intel: intelWith({ snapshots: [] }) });
    expect(result).toEqual({
      notChecked: expect.stringMatching(/^no list of packages was read; run sallyport/),
    });
    const without = await askAndAnswer(witness, artifact, contextWith({}));
    expect(without).toEqual({ notChecked: expect.stringMatching(/^no list/) });
  });

  it("counts sources, not rows, and says since when and that it proves no goodness", async () => {
    const agree = [
      seen({}),
      seen({ packageId: "app-portable" }),
      seen({ since: "2025-12-01T00:00:00Z" }, "winget"),
    ];
    expect(await ask({ agree })).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(
        /^Scoop buckets of 2026-01-01 and winget of .* since 2025-12-01; .* not that they are good$/,
      ),
      facts: { standing: "agrees", independent: 2, since: "2025-12-01T00:00:00Z" },
    });
  });

  it("says nothing by silence", async () => {
    expect(await ask({})).toEqual({
      notChecked: expect.stringMatching(
        /^nobody who was asked saw these bytes, which says nothing: Scoop buckets of .* and winget of /,
      ),
    });
  });

  it("does not take another file of the same version for a disagreement", async () => {
    const setup = seen({ sha256: other, url: "https://software.example/app-1.2.3-x64.exe" });
    expect(await ask({ disagree: [setup] })).toEqual({
      notChecked: expect.stringMatching(/other files of app 1\.2\.3/),
    });
    expect(await ask({ agree: [seen({})], disagree: [setup] })).toMatchObject({ outcome: "pass" });
  });

  it("fails when somebody else was given other bytes for the same file", async () => {
    expect(await ask({ disagree: [seen({ sha256: other })] })).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(
        /^by Scoop buckets .*, others were given other bytes for the same file of app 1\.2\.3: cdcd/,
      ),
      facts: { standing: "disagrees", independent: 0 },
    });
  });

  it("does not call a merely similar name a disagreement, unless the address is the same", async () => {
    const possible = seen({ sha256: other }, "scoop", "possible");
    expect(await ask({ disagree: [possible] })).toHaveProperty("notChecked");
    const origin = { urls: ["https://start.example/", url], toldBy: "download" } as const;
    expect(await ask({ disagree: [possible] }, { origin })).toMatchObject({ outcome: "fail" });
  });

  it("tells a file that was released again under its version", async () => {
    const before = seen({ sha256: other, since: "2025-01-01T00:00:00Z" }, "scoop", "possible");
    expect(await ask({ agree: [seen({})], disagree: [before] })).toMatchObject({
      outcome: "fail",
      because: expect.stringMatching(/^app 1\.2\.3 was released again under the same version/),
      facts: { standing: "released-again" },
    });
  });

  it("lets an address that serves the newest serve other bytes", async () => {
    const latest = "https://software.example/latest/setup.exe";
    const newest = seen({ sha256: other, url: latest });
    const origin = { urls: [latest], toldBy: "--origin" } as const;
    expect(await ask({ disagree: [newest] }, { label: "setup.exe", origin })).toHaveProperty("notChecked");
    expect(await ask({ agree: [seen({ url: latest })], disagree: [newest] })).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(/serves whatever is newest$/),
    });
  });

  it("says that a list is out of date wherever it uses it", async () => {
    const old = snapshotWith({ ...scoop, isStale: true });
    const intel = intelWith({ snapshots: [old], witnesses: { agree: [seen({})], disagree: [] } });
    expect(await ask({}, { intel })).toMatchObject({
      because: expect.stringMatching(/, which is out of date saw/),
    });
  });

  it("answers again from what it asked, in any state", async () => {
    const { recall } = witness;
    if (typeof recall !== "object") throw new Error("witness has no recall");
    const context = contextWith({ intel: intelWith({ snapshots: [scoop] }) });
    for (const stored of [
      {},
      { sha256: 1, origins: "x", claim: [] },
      { claim: { identifiers: [1, { kind: "x" }] } },
    ])
      expect(await recall.answer(stored, context)).toHaveProperty("notChecked");
  });
});
