import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { kev } from "./index.ts";
import { catalogueOf, entryWith, sample } from "./sample.fixture.ts";

const JSON_NAME = "known_exploited_vulnerabilities.json";
const CSV_NAME = "known_exploited_vulnerabilities.csv";
const HEADER =
  "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes,cwes";

describe("kev", () => {
  it("reads who is exploited since when, and names no versions", async () => {
    const { facts, skipped } = await readAll(kev, sample);
    expect(skipped).toEqual([]);
    expect(facts).toMatchObject([
      {
        kind: "exploited",
        cve: "CVE-2024-0001",
        about: {
          vendor: "Example Software",
          product: "Example Viewer",
          identifiers: [],
          versions: { ranges: [], exact: [] },
        },
        since: "2024-02-03",
        dueOn: "2024-02-24",
        action: "Apply updates per vendor instructions.",
        isUsedForRansom: true,
      },
      { cve: "CVE-2024-0002", isUsedForRansom: false },
    ]);
  });

  it("reads the comma-separated form, with quotes and line ends in a field", async () => {
    const row =
      'CVE-2024-0001,"Example, Inc.","Example ""Viewer""",Name,2024-02-03,"Two\nlines",Update,2024-02-24,Known,,CWE-1';
    const { facts, skipped } = await readAll(kev, {
      [CSV_NAME]: `${HEADER}\r\n${row}\r\n${row.replace("0001", "0002")}\r\n`,
    });
    expect(skipped).toEqual([]);
    expect(facts).toMatchObject([
      { cve: "CVE-2024-0001", about: { vendor: "Example, Inc.", product: 'Example "Viewer"' } },
      { cve: "CVE-2024-0002" },
    ]);
  });

  it("reads both out of gzip", async () => {
    const text = catalogueOf([entryWith()]);
    expect((await readAll(kev, { [`${JSON_NAME}.gz`]: gzipSync(text) })).facts).toHaveLength(1);
  });

  it("is as old as the catalogue says; the comma-separated form does not say", async () => {
    expect(await kev.asOf?.(filesOf(sample), contextWith())).toBe("2024-02-03T17:00:01.500Z");
    expect(await kev.asOf?.(filesOf({ [CSV_NAME]: HEADER }), contextWith())).toBeUndefined();
  });

  it("recognises the catalogue by its name and by what stands in it", () => {
    expect(kev.recognises?.(`${JSON_NAME}.gz`, new Uint8Array())).toBe(true);
    expect(kev.recognises?.("download", Buffer.from(HEADER))).toBe(true);
    expect(kev.recognises?.("download", Buffer.from(catalogueOf([])))).toBe(true);
    expect(kev.recognises?.("a.json", Buffer.from('{"vulnerabilities": []}'))).toBe(false);
  });

  const real = dataFile("kev/known_exploited_vulnerabilities.json.gz");
  it.skipIf(real === undefined)(
    `reads the whole catalogue of 2025-08-25 (${NO_CORPUS} otherwise)`,
    async () => {
      const { facts, skipped } = await readAll(kev, { [`${JSON_NAME}.gz`]: readFileSync(real ?? "") });
      expect(facts).toHaveLength(1404);
      expect(skipped).toEqual([]);
    },
  );
});
