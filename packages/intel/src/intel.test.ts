import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySource } from "@sallyport/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { type IntelBase, openIntel } from "./intel.ts";
import type { IntelSource } from "./source.ts";
import type { SnapshotLoad } from "./store.ts";

let folder = "";
let intel: IntelBase;
let now = new Date("2026-11-25T12:00:00Z");
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
  now = new Date("2026-11-25T12:00:00Z");
  intel = await openIntel({ file: join(folder, "intel.db"), clock: { now: () => now }, sources: [] });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const loadOf = (overrides: Partial<SnapshotLoad> = {}): SnapshotLoad => ({
  source: {
    id: "example-list",
    title: "Example list",
    licence: "CC0-1.0",
    authority: "public",
    answers: ["lifecycle", "indicator"],
    staleAfterDays: 30,
  },
  asOf: "2026-11-20T00:00:00.000Z",
  fetchedAt: now,
  sha256: "ab".repeat(32),
  files: [{ name: "list.json", sha256: "ab".repeat(32), sizeBytes: 10 }],
  ...overrides,
});

const retired = (product: string): Fact => ({
  kind: "lifecycle",
  about: {
    product,
    vendor: "Example Software",
    identifiers: [{ kind: "bundle-id", value: `example.${product}` }],
    scheme: "generic",
    versions: "all",
  },
  lifecycle: { product, vendor: "Example Software", retiredOn: "2020-04-01" },
});
const claimOf = (product: string) => ({
  product,
  vendor: "Example Software",
  version: "1.0",
  identifiers: [{ kind: "bundle-id" as const, value: `example.${product}` }],
});
const indicator = (kind: "sha256" | "domain" | "text", value: string): Fact => ({
  kind: "indicator",
  indicator: { kind, value, title: "Seen before", references: [] },
});

it("tells what a source says, with the snapshot it stands in", async () => {
  const stored = await intel.load(loadOf(), { facts: [retired("ledgerpad")] });
  expect(stored).toMatchObject({ id: "example-list@2026-11-20+abababababab", rows: 1, isStale: false });
  const [known] = await intel.answers().lifecycles(claimOf("ledgerpad"));
  expect(known).toMatchObject({ fact: { retiredOn: "2020-04-01" }, snapshot: stored.id });
  expect(await intel.answers().lifecycles(claimOf("otherpad"))).toEqual([]);
});

it("finds indicators by value, and a domain's for every name below it", async () => {
  const hash = "cd".repeat(32);
  await intel.load(loadOf(), { facts: [indicator("sha256", hash), indicator("domain", "bad.example")] });
  const found = await intel.answers().indicators([
    { kind: "sha256", value: hash },
    { kind: "domain", value: "cdn.bad.example" },
    { kind: "domain", value: "notbad.example" },
  ]);
  expect(found.map(({ because }) => because)).toEqual([
    `the sha256 is ${hash}`,
    "cdn.bad.example is a name below bad.example",
  ]);
  expect(await intel.answers().indicatorValues("domain")).toEqual(["bad.example"]);
});

it("keeps the last good snapshot when reading fails in the middle", async () => {
  await intel.load(loadOf(), { facts: [retired("ledgerpad")] });
  const failing = function* () {
    yield retired("otherpad");
    throw new Error("cut");
  };
  await expect(intel.load(loadOf({ sha256: "cd".repeat(32) }), { facts: failing() })).rejects.toThrow("cut");
  expect(await intel.answers().lifecycles(claimOf("ledgerpad"))).toHaveLength(1);
  expect(await intel.answers().lifecycles(claimOf("otherpad"))).toEqual([]);
});

it("replaces a source's facts without those of other parts, and refuses an older file", async () => {
  await intel.load(loadOf({ part: "a" }), { facts: [retired("ledgerpad")] });
  await intel.load(loadOf({ part: "b" }), { facts: [retired("otherpad")] });
  await intel.load(loadOf({ part: "a", asOf: "2026-11-21" }), { facts: [retired("thirdpad")] });
  const answers = intel.answers();
  expect(await answers.lifecycles(claimOf("ledgerpad"))).toEqual([]);
  expect(await answers.lifecycles(claimOf("otherpad"))).toHaveLength(1);
  await expect(intel.load(loadOf({ part: "a" }), { facts: [] })).rejects.toMatchObject({
    code: "feed.replayed",
  });
  expect(await intel.answers().lifecycles(claimOf("thirdpad"))).toHaveLength(1);
});

it("answers from what it was opened with, whatever is loaded meanwhile", async () => {
  const before = intel.answers();
  await intel.load(loadOf(), { facts: [retired("ledgerpad")] });
  expect(before.snapshots).toEqual([]);
  expect(await before.lifecycles(claimOf("ledgerpad"))).toEqual([]);
  expect(intel.answers().snapshotsOn("lifecycle")).toHaveLength(1);
  expect(intel.answers().snapshotsOn("witness")).toEqual([]);
});

it("says that data is stale by its own date, or by when it was last asked for", async () => {
  await intel.load(loadOf(), { facts: [] });
  await intel.load(loadOf({ part: "dateless", asOf: undefined }), { facts: [] });
  now = new Date("2026-12-31T00:00:00Z");
  expect(intel.snapshots().map(({ isStale }) => isStale)).toEqual([true, true]);
  expect(intel.touch("example-list", "dateless")).toBe(true);
  expect(intel.touch("example-list", "")).toBe(true);
  expect(intel.touch("nobody")).toBe(false);
  expect(intel.snapshots().map(({ isStale }) => isStale)).toEqual([true, false]);
});

const listOf = (asOf: string, ...products: string[]): IntelSource => ({
  ...loadOf().source,
  document: "none",
  onBadRow: "reject",
  shipped: async () => [{ name: "list.json", source: new MemorySource(Buffer.from(products.join())) }],
  async *read() {
    for (const product of products) yield retired(product);
  },
  asOf: async () => asOf,
});
const reopen = async (...sources: IntelSource[]) => {
  intel.close();
  intel = await openIntel({ file: join(folder, "intel.db"), clock: { now: () => now }, sources });
  const [snapshot] = intel.snapshots();
  return { id: snapshot?.id, rows: snapshot?.rows };
};

it("loads the data sets that come with the program once, and again when they are newer", async () => {
  const first = await reopen(listOf("2026-01-01", "ledgerpad"));
  expect(first).toMatchObject({ rows: 1 });
  now = new Date("2026-11-26T00:00:00Z");
  expect(await reopen(listOf("2026-01-01", "ledgerpad"))).toEqual(first);
  expect(intel.snapshots()[0]?.fetchedAt).toBe("2026-11-25T12:00:00.000Z");
  expect(await reopen(listOf("2026-02-01", "ledgerpad", "otherpad"))).toMatchObject({ rows: 2 });
  expect(await reopen(listOf("2026-01-15", "ledgerpad"))).toMatchObject({ rows: 2 });
});

it("goes through every fact of a kind, also of two kinds at once", async () => {
  const rule = (number: number): Fact => ({
    kind: "rule",
    name: `rule ${number}`,
    text: "rule x { condition: true }",
  });
  const facts = Array.from({ length: 120 }, (_, number) => [rule(number), retired(`pad${number}`)]).flat();
  await intel.load(loadOf(), { facts });
  const pairs: string[] = [];
  const lifecycles = intel.every("lifecycle")[Symbol.iterator]();
  for (const { fact } of intel.every("rule")) {
    const next = lifecycles.next();
    if (next.done !== true) pairs.push(`${fact.name} ${next.value.fact.lifecycle.product}`);
  }
  expect(pairs).toHaveLength(120);
  expect(pairs.at(-1)).toBe("rule 119 pad119");
});

it("looks at what the program brings once for each of its versions, and whenever nobody says which it is", async () => {
  const reopenAs = async (edition: string | undefined, ...products: string[]) => {
    intel.close();
    const file = join(folder, "intel.db");
    const sources = [listOf("2026-01-01", ...products)];
    intel = await openIntel({
      file,
      clock: { now: () => now },
      sources,
      ...(edition !== undefined && { edition }),
    });
    return intel.snapshots()[0]?.rows;
  };
  expect(await reopenAs("1.0", "ledgerpad")).toBe(1);
  expect(await reopenAs("1.0", "ledgerpad", "otherpad")).toBe(1);
  expect(await reopenAs("1.1", "ledgerpad", "otherpad")).toBe(2);
  expect(await reopenAs(undefined, "ledgerpad", "otherpad", "thirdpad")).toBe(3);
});
