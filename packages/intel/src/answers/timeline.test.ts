import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DecisionFact, Fact } from "../fact.ts";
import { type IntelBase, openIntel } from "../intel.ts";

let folder = "";
let intel: IntelBase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-intel-"));
  const clock = { now: () => new Date("2026-11-25T12:00:00Z") };
  intel = await openIntel({ file: join(folder, "intel.db"), clock, sources: [] });
});
afterEach(() => {
  intel.close();
  rmSync(folder, { recursive: true, force: true });
});

const load = (id: string, facts: readonly Fact[], staleAfterDays = 30) =>
  intel.load(
    {
      source: {
        id,
        title: id,
        licence: "MIT",
        authority: "public",
        answers: ["vulnerability"],
        staleAfterDays,
      },
      fetchedAt: new Date("2026-11-20T00:00:00Z"),
      sha256: "0".repeat(64),
      files: [],
    },
    { facts },
  );
const about = { vendor: "Example", product: "Pad", identifiers: [], scheme: "generic" } as const;
const versions = { ranges: [{ fixed: "2" }], exact: [] };
const weakness = (cve: string): readonly Fact[] => [
  { kind: "vulnerability", id: cve, aliases: [], about: { ...about, versions }, summary: "" },
  { kind: "decision-points", cve, isAutomatable: true, technicalImpact: "total" },
];
const listed = (cve: string): Fact => ({
  kind: "exploited",
  cve,
  about: { ...about, versions: { ranges: [], exact: [] } },
  name: cve,
  since: "2026-05-01",
  action: "",
});
const row = (kev: string, exposed: string, outcome: string): DecisionFact => ({
  kind: "decision",
  table: "cisa bod 26-04 remediation timelines",
  when: { "in kev": kev, "publicly exposed": exposed, automatable: "yes", "technical impact": "total" },
  outcome,
});
const TABLE = [
  row("yes", "yes", "3 days & forensic investigation"),
  row("yes", "no", "3 days & forensic investigation"),
  row("no", "yes", "3 days"),
  row("no", "no", "60 days"),
];
const timelineOf = async (): Promise<unknown> => {
  const claim = { vendor: "Example", product: "Pad", version: "1", identifiers: [] };
  const [known] = await intel.answers().vulnerabilities([claim]);
  return known?.[0]?.fact.mendWithin;
};

describe("within which time something has to be mended", () => {
  it("is told for machines that can be reached publicly and for others", async () => {
    await load("records", weakness("CVE-2026-0001"));
    await load("ssvc", TABLE);
    await load("kev", [listed("CVE-2026-0001")]);
    expect(await timelineOf()).toEqual({
      exposed: "3 days & forensic investigation",
      unexposed: "3 days & forensic investigation",
    });
    await load("kev", [listed("CVE-2026-0002")]);
    expect(await timelineOf()).toEqual({ exposed: "3 days", unexposed: "60 days" });
  });

  it("is not told where nobody knows whether it is listed", async () => {
    await load("records", weakness("CVE-2026-0001"));
    await load("ssvc", TABLE);
    expect(await timelineOf()).toBeUndefined();
    await load("kev", [listed("CVE-2026-0002")], 1);
    expect(await timelineOf()).toBeUndefined();
  });

  it("is not told without the table, or where an input is not known", async () => {
    await load("records", weakness("CVE-2026-0001"));
    await load("kev", [listed("CVE-2026-0001")]);
    expect(await timelineOf()).toBeUndefined();
    await load("ssvc", TABLE);
    await load("records", weakness("CVE-2026-0001").slice(0, 1));
    expect(await timelineOf()).toBeUndefined();
  });
});
