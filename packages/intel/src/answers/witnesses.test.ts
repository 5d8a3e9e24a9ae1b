import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { WitnessFact } from "../fact.ts";
import { type IntelBase, openIntel } from "../intel.ts";

let folder = "";
let intel: IntelBase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
  intel = await openIntel({
    file: join(folder, "intel.db"),
    clock: { now: () => new Date("2026-11-25T12:00:00Z") },
    sources: [],
  });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const hashOf = (letter: string) => letter.repeat(64);
const row = (sha256: string, rest: Partial<WitnessFact["witness"]> = {}): WitnessFact => ({
  kind: "witness",
  witness: {
    sha256,
    packageId: "Example.Pad",
    product: "Example Pad",
    vendor: "Example Software",
    version: "1.2.0",
    architecture: "x64",
    url: "https://downloads.example/1.2.0/pad-setup.exe",
    ...rest,
  },
});
const load = (day: string, rows: readonly WitnessFact[], id = "catalogue") =>
  intel.load(
    {
      source: {
        id,
        title: `The ${id}`,
        licence: "MIT",
        authority: "public",
        answers: ["witness"],
        staleAfterDays: 30,
      },
      fetchedAt: new Date(`${day}T00:00:00Z`),
      sha256: hashOf("0"),
      files: [],
    },
    { facts: rows },
  );
const nobody = { identifiers: [] };
const sinceOf = async (sha256: string) =>
  (await intel.answers().witnesses(sha256, nobody)).agree.map(({ fact }) => fact.since);

it("remembers since when a row stands, over every later reading", async () => {
  await load("2026-01-01", [row(hashOf("a"))]);
  await load("2026-02-01", [row(hashOf("a")), row(hashOf("b"), { version: "1.3" })]);
  expect(await sinceOf(hashOf("a"))).toEqual(["2026-01-01T00:00:00.000Z"]);
  expect(await sinceOf(hashOf("b"))).toEqual(["2026-02-01T00:00:00.000Z"]);
  expect(await sinceOf(hashOf("c"))).toEqual([]);
});

it("keeps the name of a package as it is now, and the day as it was", async () => {
  await load("2026-01-01", [row(hashOf("a"))]);
  await load("2026-02-01", [row(hashOf("a"), { vendor: "Example Holdings" })]);
  const { agree } = await intel.answers().witnesses(hashOf("a"), nobody);
  expect(agree[0]?.fact).toMatchObject({ vendor: "Example Holdings", since: "2026-01-01T00:00:00.000Z" });
});

it("says that the same address has another hash now, to the old bytes and to the new", async () => {
  await load("2026-01-01", [row(hashOf("a"))]);
  await load("2026-02-01", [row(hashOf("b"), { version: "v1.2" })]);
  const old = await intel.answers().witnesses(hashOf("a"), nobody);
  expect(old.agree).toEqual([]);
  expect(old.disagree.map(({ match, because }) => [match, because])).toEqual([
    [
      "certain",
      "The catalogue: Example.Pad v1.2 x64 had this SHA-256 until 2026-02-01, and has another one now",
    ],
  ]);
  const fresh = await intel.answers().witnesses(hashOf("b"), nobody);
  expect(fresh.agree).toHaveLength(1);
  expect(fresh.disagree.map(({ because }) => because)).toEqual([
    "The catalogue: Example.Pad 1.2.0 x64 had another SHA-256 until 2026-02-01",
  ]);
});

it("lets what stood there agree after the list went on to another version", async () => {
  await load("2026-01-01", [row(hashOf("a"))]);
  await load("2026-02-01", [row(hashOf("b"))]);
  await load("2026-03-01", [row(hashOf("c"), { version: "1.3" })]);
  const { agree, disagree } = await intel.answers().witnesses(hashOf("b"), nobody);
  expect(agree.map(({ because }) => because)).toEqual([
    "The catalogue: Example.Pad 1.2.0 x64 had this SHA-256 until 2026-03-01",
  ]);
  expect(disagree).toEqual([]);
  // It was exchanged for the other while its version stood there.
  expect(await sinceOf(hashOf("a"))).toEqual([]);
});

it("lets a row that is back agree again", async () => {
  await load("2026-01-01", [row(hashOf("a")), row(hashOf("b"), { url: "https://downloads.example/b.msi" })]);
  await load("2026-02-01", [row(hashOf("b"), { url: "https://downloads.example/b.msi" })]);
  expect(await sinceOf(hashOf("a"))).toEqual([]);
  await load("2026-03-01", [row(hashOf("a"))]);
  expect(await sinceOf(hashOf("a"))).toEqual(["2026-01-01T00:00:00.000Z"]);
});

it("takes several files of one version for choices, not for contradictions", async () => {
  const msi = row(hashOf("b"), { url: "https://downloads.example/1.2.0/pad.msi" });
  await load("2026-01-01", [row(hashOf("a")), msi, row(hashOf("c"))]);
  const report = await intel.answers().witnesses(hashOf("a"), nobody);
  expect(report.agree).toHaveLength(1);
  expect(report.disagree).toEqual([]);
});

it("forgets everything of a source that is removed, and nothing of another", async () => {
  await load("2026-01-01", [row(hashOf("a")), row(hashOf("b"))]);
  await load("2026-01-02", [row(hashOf("a"))], "other");
  expect(await sinceOf(hashOf("a"))).toHaveLength(2);
  intel.remove("catalogue");
  expect(await sinceOf(hashOf("a"))).toEqual(["2026-01-02T00:00:00.000Z"]);
  await load("2026-05-05", [row(hashOf("a"))]);
  expect((await sinceOf(hashOf("a"))).toSorted()).toEqual([
    "2026-01-02T00:00:00.000Z",
    "2026-05-05T00:00:00.000Z",
  ]);
});

it("refuses a hash that is none, and keeps what it had", async () => {
  await load("2026-01-01", [row(hashOf("a"))]);
  await expect(load("2026-02-01", [row("A".repeat(64))])).rejects.toMatchObject({ code: "feed.malformed" });
  expect(await sinceOf(hashOf("a"))).toHaveLength(1);
});

it("tells what others list under the name, each as its names agree, and only for this version", async () => {
  await load("2026-01-01", [
    row(hashOf("a")),
    row(hashOf("b"), { version: "1.1" }),
    row(hashOf("c"), { packageId: "Other.Pad", vendor: "Other Makers" }),
  ]);
  const claim = { product: "Example Pad", vendor: "Example Software", version: "1.2", identifiers: [] };
  const { agree, disagree } = await intel.answers().witnesses(hashOf("f"), claim);
  expect(agree).toEqual([]);
  expect(disagree.map(({ fact, match }) => [fact.packageId, fact.version, match])).toEqual([
    ["Example.Pad", "1.2.0", "certain"],
  ]);
  const byId = {
    version: "1.2",
    identifiers: [{ kind: "package-id", value: "catalogue:Other.Pad" }] as const,
  };
  const other = await intel.answers().witnesses(hashOf("f"), byId);
  expect(other.disagree.map(({ fact }) => fact.sha256)).toEqual([hashOf("c")]);
  const versionless = await intel.answers().witnesses(hashOf("f"), { ...nobody, product: "Example Pad" });
  expect(versionless.disagree).toEqual([]);
});

it("forgets what has been gone for years, and nothing else", async () => {
  await load("2019-01-01", [row(hashOf("a"))]);
  await load("2019-02-01", [row(hashOf("b"))]);
  expect((await intel.answers().witnesses(hashOf("b"), nobody)).disagree).toHaveLength(1);
  await load("2026-01-01", [row(hashOf("b"))]);
  expect((await intel.answers().witnesses(hashOf("b"), nobody)).disagree).toEqual([]);
  expect(await sinceOf(hashOf("b"))).toEqual(["2019-02-01T00:00:00.000Z"]);
  await load("2026-02-01", [row(hashOf("a"))]);
  expect(await sinceOf(hashOf("a"))).toEqual(["2026-02-01T00:00:00.000Z"]);
});
