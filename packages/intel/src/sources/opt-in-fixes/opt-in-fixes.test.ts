import { readFileSync } from "node:fs";
import { dataFile, NO_CORPUS } from "@sallyport/testkit";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { contextWith, readAll } from "../../witnesses/read.fixture.ts";
import data from "./data.json" with { type: "json" };
import { optInFixes } from "./index.ts";
import { row, sample } from "./sample.fixture.ts";
import schema from "./schema.json" with { type: "json" };

const NAME = "opt-in-fixes.json";

describe("the list of opt-in fixes", () => {
  it("is valid by its schema, read whole, and comes with the program", async () => {
    const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    const { facts, skipped } = await readAll(optInFixes, { [NAME]: JSON.stringify(data) });
    expect(skipped).toEqual([]);
    expect(facts).toHaveLength(data.rows.length);
    expect(await optInFixes.asOf?.((await optInFixes.shipped?.()) ?? [], contextWith())).toBe(
      `${data.asOf}T00:00:00.000Z`,
    );
  });

  it("has the fix for what hid in signed files, in both views of the registry", () => {
    const padding = data.rows.find(({ cves }) => cves.includes("CVE-2013-3900"));
    expect(padding?.require).toBe("all");
    expect(padding?.checks.map(({ path }) => path.includes("Wow6432Node"))).toEqual([false, true]);
    expect(padding?.checks.every(({ types }) => types.join() === "REG_SZ,REG_DWORD")).toBe(true);
  });

  it("holds nothing that was not confirmed", async ({ skip }) => {
    const file = dataFile("opt-in-fixes/opt-in-fixes.json");
    if (file === undefined) return skip(NO_CORPUS);
    const { fixes } = JSON.parse(readFileSync(file, "utf8"));
    const doubtful: string[] = fixes
      .filter(({ evidence }: { evidence: string }) => ["partial", "unverified"].includes(evidence))
      .map(({ id }: { id: string }) => id);
    expect(doubtful).toHaveLength(15);
    // Four of them were looked up and found; each cites the page that was read.
    const carried = data.rows.filter(({ id }) => doubtful.includes(id));
    expect(carried.map(({ id }) => id)).toEqual([
      "ms-dotnet-strongcrypto",
      "ms-sigred",
      "ms-dns-sad",
      "ms-smb3-compression",
    ]);
    for (const { sources } of carried) expect(sources[0]).toHaveProperty("says");
  });
});

describe("opt-in-fixes", () => {
  it("hands on the row as it stands", async () => {
    expect(await readAll(optInFixes, sample)).toEqual({
      skipped: [],
      facts: [{ kind: "fix", id: "example", title: "Example", cves: ["CVE-2020-0001"], fix: row() }],
    });
  });
});
