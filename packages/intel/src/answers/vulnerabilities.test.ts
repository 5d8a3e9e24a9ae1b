import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Authority } from "@sallyport/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact, StatementFact, VulnerabilityFact } from "../fact.ts";
import { type IntelBase, openIntel } from "../intel.ts";
import type { Naming } from "../naming.ts";

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

const load = (id: string, facts: readonly Fact[], authority: Authority = "public") =>
  intel.load(
    {
      source: { id, title: id, licence: "MIT", authority, answers: ["vulnerability"], staleAfterDays: 30 },
      fetchedAt: new Date("2026-11-25T00:00:00Z"),
      sha256: "0".repeat(64),
      files: [],
    },
    { facts },
  );
const pad: Naming = {
  product: "Example Pad",
  vendor: "Example Software",
  identifiers: [],
  scheme: "generic",
  versions: { ranges: [{ introduced: "1.0", fixed: "1.5" }], exact: [] },
};
const weakness = (id: string, rest: Partial<VulnerabilityFact> = {}): VulnerabilityFact => ({
  kind: "vulnerability",
  id,
  aliases: [],
  about: pad,
  summary: `Weakness ${id}`,
  ...rest,
});
const exploited = (cve: string): Fact => ({
  kind: "exploited",
  cve,
  about: { ...pad, versions: { ranges: [], exact: [] } },
  name: `Listed ${cve}`,
  since: "2026-05-01",
  dueOn: "2026-05-22",
  action: "Update.",
});
const claimOf = (version?: string) => ({
  product: "Example Pad",
  vendor: "Example Software",
  ...(version !== undefined && { version }),
  identifiers: [],
});
const ask = async (version?: string) => (await intel.answers().vulnerabilities([claimOf(version)]))[0] ?? [];

it("joins what several sources say of one weakness", async () => {
  await load("advisories", [
    weakness("GHSA-aaaa-bbbb-cccc", {
      aliases: ["CVE-2026-0001"],
      vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
    }),
    weakness("CVE-2026-0002"),
  ]);
  await load("listed", [exploited("CVE-2026-0001")]);
  await load("chances", [
    { kind: "probability", cve: "CVE-2026-0001", probability: 0.5, percentile: 0.9 },
    { kind: "decision-points", cve: "CVE-2026-0001", exploitation: "active", isAutomatable: true },
  ]);
  const [first, second, ...rest] = await ask("1.2");
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    match: "certain",
    fact: {
      id: "CVE-2026-0001",
      aliases: ["GHSA-aaaa-bbbb-cccc"],
      score: 9.8,
      fixedIn: ["1.5"],
      exploitedSince: "2026-05-01",
      dueOn: "2026-05-22",
      probability: 0.5,
      exploitation: "active",
      isAutomatable: true,
    },
  });
  expect(second?.fact).toMatchObject({ id: "CVE-2026-0002", fixedIn: ["1.5"] });
});

it("says nothing of a version that has it no more, though a list without versions names the product", async () => {
  await load("advisories", [weakness("CVE-2026-0001")]);
  await load("listed", [exploited("CVE-2026-0001"), exploited("CVE-2026-0009")]);
  expect((await ask("1.5")).map(({ fact, match }) => [fact.id, match])).toEqual([
    ["CVE-2026-0009", "possible"],
  ]);
});

it("takes no version for unknown, never for all", async () => {
  await load("advisories", [weakness("CVE-2026-0001")]);
  await load("listed", [exploited("CVE-2026-0001")]);
  expect((await ask()).map(({ match }) => match)).toEqual(["possible"]);
});

it("leaves out what was withdrawn and what is another product's", async () => {
  await load("advisories", [
    weakness("CVE-2026-0001", { withdrawnOn: "2026-06-01" }),
    weakness("CVE-2026-0002", { about: { ...pad, product: "Example Pad Viewer" } }),
  ]);
  expect(await ask("1.2")).toEqual([]);
});

const statement = (status: StatementFact["statement"]["status"], versions: Naming["versions"]): Fact => ({
  kind: "statement",
  vulnerability: "CVE-2026-0001",
  about: { ...pad, versions },
  statement: { status, author: "Example Software" },
});
const only = (version: string) => ({ ranges: [], exact: [version] });

it("tells the maker's statement about this version, and none that may be about another", async () => {
  await load("advisories", [weakness("CVE-2026-0001")]);
  await load("vex", [statement("not-affected", only("1.2"))], "supplier");
  expect((await ask("1.2"))[0]?.fact.statements?.[0]?.status).toBe("not-affected");
  expect((await ask("1.3"))[0]?.fact.statements).toBeUndefined();
  expect((await ask())[0]?.fact.statements).toBeUndefined();
});

it("counts the organisation's statement before anybody's", async () => {
  await load("advisories", [weakness("CVE-2026-0001")]);
  await load("vex", [statement("not-affected", "all")]);
  await load("organisation", [statement("affected", "all")], "organisation");
  expect((await ask("1.2"))[0]?.fact.statements?.[0]?.status).toBe("affected");
});

it("knows of a weakness that only its maker names", async () => {
  await load("vex", [statement("affected", only("1.2"))], "supplier");
  expect((await ask("1.2"))[0]).toMatchObject({ match: "certain", fact: { id: "CVE-2026-0001" } });
  expect(await ask("1.3")).toEqual([]);
});
