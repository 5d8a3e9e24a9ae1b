import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { epss } from "./index.ts";
import { sample, scoresOf } from "./sample.fixture.ts";

const NAME = "epss_scores-2026-01-01.csv";

describe("epss", () => {
  it("reads each row, out of gzip", async () => {
    expect(await readAll(epss, sample)).toEqual({
      skipped: [],
      facts: [
        { kind: "probability", cve: "CVE-1999-0001", probability: 0.00046, percentile: 0.7385 },
        { kind: "probability", cve: "CVE-2024-0001", probability: 0.9431, percentile: 0.999 },
      ],
    });
  });

  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"],
    ["2022-03-04T00:00:00+0000", "2022-03-04T00:00:00.000Z"],
  ])("is as old as its score_date %s", async (written, expected) => {
    const text = scoresOf("CVE-1999-0001,0.1,0.2").replace("2026-01-01T00:00:00Z", written);
    expect(await epss.asOf?.(filesOf({ [NAME]: text }), contextWith())).toBe(expected);
  });

  it.each([
    ["CVE-1999-0001,1.5,0.2", '"epss" is no number between 0 and 1'],
    ["CVE-1999-0001,-0.5,0.2", '"epss" is no number between 0 and 1'],
    ["CVE-1999-0001,NaN,0.2", '"epss" is no number between 0 and 1'],
    ["CVE-1999-0001,0.5,", '"percentile" is no number between 0 and 1'],
    ["CVE-1999-0001,0.5,0.2,0.3", '"row" has more than three columns'],
    ["GHSA-1,0.5,0.2", '"cve" is no CVE'],
    ["CVE-1999-0001,0x1,0.2", '"epss" is no number between 0 and 1'],
  ])("tells of the row %s with its line, and reads the others", async (row, because) => {
    const { facts, skipped } = await readAll(epss, { [NAME]: scoresOf(row, "CVE-2024-0001,1e-05,0.2") });
    expect(facts).toMatchObject([{ cve: "CVE-2024-0001", probability: 0.00001 }]);
    expect(skipped).toEqual([{ file: NAME, line: 3, because }]);
  });

  it("counts no last row that may be cut short", async () => {
    const { facts, skipped } = await readAll(epss, { [NAME]: scoresOf("CVE-1999-0001,0.5,0.21").trimEnd() });
    expect(facts).toEqual([]);
    expect(skipped).toMatchObject([{ line: 3 }]);
  });

  it.each([
    ["no header", "CVE-1999-0001,0.5,0.2\n", "feed.malformed"],
    ["nothing", "", "feed.truncated"],
    ["UTF-16", Buffer.from(scoresOf("CVE-1999-0001,0.5,0.2"), "utf16le"), "feed.malformed"],
    ["cut gzip", gzipSync(scoresOf("CVE-1999-0001,0.5,0.2")).subarray(0, 40), "feed.truncated"],
    ["one endless line", "a".repeat(3 * 1024 * 1024), "feed.over-limit"],
  ])("refuses a file with %s", async (_, content, code) => {
    await expect(readAll(epss, { [NAME]: content })).rejects.toMatchObject({ code });
  });
});
