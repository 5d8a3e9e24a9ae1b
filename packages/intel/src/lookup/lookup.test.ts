import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fact } from "../fact.ts";
import { type IntelBase, openIntel } from "../intel.ts";
import { understand } from "./query.ts";

let folder = "";
let intel: IntelBase;
const hash = "ab".repeat(32);
const about = {
  product: "Example Pad",
  vendor: "Example Software",
  identifiers: [{ kind: "purl" as const, value: "pkg:npm/example-pad" }],
  scheme: "generic" as const,
  versions: { ranges: [{ fixed: "1.5" }], exact: [] },
};
const facts: readonly Fact[] = [
  { kind: "lifecycle", about, lifecycle: { product: "Example Pad", retiredOn: "2024-01-31" } },
  {
    kind: "vulnerability",
    id: "GHSA-2222-3333-4444",
    aliases: ["CVE-2026-0001"],
    about,
    summary: "It leaks",
  },
  { kind: "exploited", cve: "CVE-2026-0001", about, name: "Leak", since: "2026-01-02", action: "Update." },
  { kind: "probability", cve: "CVE-2026-0001", probability: 0.25, percentile: 0.9 },
  {
    kind: "decision-points",
    cve: "CVE-2026-0001",
    exploitation: "active",
    isAutomatable: true,
    technicalImpact: "total",
  },
  {
    kind: "statement",
    vulnerability: "CVE-2026-0001",
    about: { ...about, versions: "all" },
    statement: { status: "fixed", author: "Example Software" },
  },
  { kind: "fix", id: "pad", title: "Switch the fix on", cves: ["CVE-2026-0001"], fix: {} },
  { kind: "indicator", indicator: { kind: "sha256", value: hash, title: "A trojan", references: [] } },
  {
    kind: "indicator",
    indicator: { kind: "domain", value: "bad.example", title: "A server", references: [] },
  },
  { kind: "supplier", supplier: { name: "Example Software", coolingOffDays: 3, domains: ["good.example"] } },
  {
    kind: "witness",
    witness: { sha256: hash, packageId: "Example.Pad", product: "Example Pad", vendor: "Example Software" },
  },
];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
  const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
  intel = await openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
  const source = {
    ...{ id: "list", title: "A list", licence: "MIT", authority: "public" as const },
    ...{ answers: ["lifecycle", "vulnerability", "indicator", "witness"] as const, staleAfterDays: 30 },
  };
  const load = { source, fetchedAt: new Date("2026-11-25T00:00:00Z"), sha256: hash, files: [] };
  await intel.load(load, { facts });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const kindsOf = async (query: string) => (await intel.lookUp(query)).found.map(({ kind }) => kind);

it.each<[string, string[]]>([
  [hash, ["indicator", "witness"]],
  [`SHA256:${hash.toUpperCase()}`, ["indicator", "witness"]],
  ["cve-2026-0001", ["vulnerability", "exploited", "probability", "decision-points", "statement", "fix"]],
  ["GHSA-2222-3333-4444", ["vulnerability"]],
  ["pkg:npm/example-pad@1.2.0", ["lifecycle", "exploited", "vulnerability", "statement"]],
  ["Example Pad", ["lifecycle", "exploited", "vulnerability", "statement", "witness"]],
  ["Example Software Example Pad", ["lifecycle", "exploited", "vulnerability", "statement", "witness"]],
  ["example software", ["supplier"]],
  ["trojan", ["indicator"]],
  ["a TROJAN", ["indicator"]],
  ["troja", []],
  ["software", ["supplier"]],
  ["soft", []],
  ["cdn.bad[.]example", ["indicator"]],
  ["hxxps://cdn.bad.example/x.exe", ["indicator"]],
  ["cdn.good.example", ["supplier"]],
  ["good.example.org", []],
  ["notgood.example", []],
  ["", []],
])("finds what is known of %s", async (query, kinds) => {
  const found = await kindsOf(query);
  expect(found.filter((kind, at) => found.indexOf(kind) === at).sort()).toEqual(kinds.toSorted());
});

it("says what each is, of when, and what nobody here can answer", async () => {
  const { found, unanswered, understoodAs } = await intel.lookUp("CVE-2026-0001");
  expect(understoodAs).toBe("the name of a vulnerability");
  expect(found.map(({ text }) => text)).toEqual([
    "GHSA-2222-3333-4444: It leaks (Example Software Example Pad, before 1.5)",
    "CVE-2026-0001: exploited, listed since 2026-01-02 (Example Software Example Pad)",
    "CVE-2026-0001: exploited within 30 days with a chance of 25.0 %",
    "CVE-2026-0001: exploitation active, automatable, technical impact total",
    "CVE-2026-0001: fixed in Example Software Example Pad, every version, says Example Software",
    "Switch the fix on (CVE-2026-0001)",
  ]);
  expect(found[0]?.snapshot).toMatchObject({ source: "list", licence: "MIT", isStale: false });
  expect(unanswered).toEqual(["supplier", "trust", "fix"]);
});

it("shows so many indicators of one title, and counts the others", async () => {
  const source = {
    ...{ id: "many", title: "Many", licence: "MIT", authority: "public" as const },
    ...{ answers: ["indicator"] as const, staleAfterDays: 30 },
  };
  const titled = Array.from({ length: 500 }, (_, at): Fact => {
    const value = `a${at}.example`;
    return {
      kind: "indicator",
      indicator: { kind: "domain", value, title: "Größe 3PX: server", references: [] },
    };
  });
  await intel.load(
    { source, fetchedAt: new Date("2026-11-25T00:00:00Z"), sha256: hash, files: [] },
    { facts: titled },
  );
  for (const query of ["3px", "GRÖSSE 3PX", "größe 3px server", "Größe"]) {
    const { found, more } = await intel.lookUp(query);
    expect([query, found.length + more]).toEqual([query, query.startsWith("GRÖSSE") ? 0 : 500]);
    expect(found.length).toBeLessThanOrEqual(200);
  }
});

it.each([
  ["7-Zip", "a name"],
  ["setup.exe", "a name"],
  ["asp.net", "a name"],
  ["192.0.2.1", "an IP address"],
  ["2001:db8::1", "an IP address"],
  ["__proto__", "a name"],
])("takes %s for %s", (query, understoodAs) => {
  expect(understand(query).understoodAs).toBe(understoodAs);
});

it("takes texts of any length, and what is too long for a domain for a name", () => {
  for (const long of ["x".repeat(100_000), "a.".repeat(50_000), "[.]".repeat(30_000), "a ".repeat(50_000)])
    expect(understand(long).understoodAs).toBe("a name");
});
