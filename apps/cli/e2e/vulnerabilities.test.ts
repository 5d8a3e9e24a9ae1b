/** What is known to be vulnerable: of the product itself it refuses, of a part only what is news, and its maker is heard. */

import { writeFile } from "node:fs/promises";
import { buildRetiredCase, type RetiredCase, writeZip } from "@sallyport/gate/replica";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentOf, makePlace, type Place, policiesOf, type VerdictDocument } from "./sallyport-process.ts";

const CVE = "CVE-2099-0001";
const PART_CVE = "CVE-2099-0002";
const PERSON = ["--owner", "Head of IT", "--reason", "pilot", "--until", "2099-12-31"];

let place: Place;
let replica: RetiredCase;
beforeAll(async () => {
  place = await makePlace();
  replica = await buildRetiredCase();
  await writeFile(place.at("root.pem"), replica.rootPem);
  for (const { fileName, content } of replica.others) await writeFile(place.at(fileName), content);
  for (const release of ["1", "2"]) await writeFile(place.at(`app-${release}.zip`), appOf(release));
});
afterAll(() => place.remove());

/** An application that brings a package along. */
const appOf = (release: string): Buffer =>
  writeZip([
    { name: "readme.txt", bytes: Buffer.from(`Release ${release}.\n`) },
    {
      name: "app/node_modules/example-parser/package.json",
      bytes: Buffer.from(JSON.stringify({ name: "example-parser", version: "1.4.1" })),
    },
  ]);

const seen = ({ evidence, notChecked }: VerdictDocument) =>
  evidence.find(({ source }) => source === "gate/checks/vulnerable") ??
  notChecked.find(({ source }) => source === "gate/checks/vulnerable");

async function check(file: string, ...flags: readonly string[]) {
  const trust = ["--trust", place.at("root.pem"), "--signer", replica.signer];
  const run = await place.sallyport("check", place.at(file), "--json", ...trust, ...flags);
  return { code: run.code, document: documentOf(run) };
}

async function importJson(name: string, document: unknown): Promise<void> {
  await writeFile(place.at(name), JSON.stringify(document));
  expect(await place.sallyport("intel", "import", place.at(name))).toMatchObject({ code: 0 });
}

const cveRecord = {
  dataType: "CVE_RECORD",
  dataVersion: "5.1",
  cveMetadata: { cveId: CVE, state: "PUBLISHED" },
  containers: {
    cna: {
      title: "XTrade runs what it is sent",
      affected: [
        {
          vendor: "Example Software",
          product: "XTrade",
          versions: [{ version: "0", lessThan: "3.2", versionType: "custom", status: "affected" }],
        },
      ],
      metrics: [{ cvssV3_1: { vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" } }],
    },
  },
};
const osvRecord = {
  schema_version: "1.7.0",
  id: "GHSA-2222-3333-4444",
  modified: "2026-01-01T00:00:00Z",
  aliases: [PART_CVE],
  summary: "example-parser runs what it reads",
  affected: [
    {
      package: { ecosystem: "npm", name: "example-parser" },
      ranges: [{ type: "SEMVER", events: [{ introduced: "0" }, { fixed: "1.4.2" }] }],
    },
  ],
};
const catalogueOf = (...entries: readonly (readonly [cve: string, since: string])[]) => ({
  title: "Catalogue",
  catalogVersion: "1",
  dateReleased: new Date().toISOString(),
  count: entries.length,
  vulnerabilities: entries.map(([cveID, dateAdded]) => ({
    cveID,
    vendorProject: "Example Software",
    product: "Something else",
    vulnerabilityName: "A name",
    dateAdded,
    requiredAction: "Update.",
  })),
});

describe("what is known to be vulnerable", () => {
  it("is not asked before a source was read, and it is said what to do", async () => {
    const { document } = await check("xtrade.exe");
    expect(seen(document)?.because).toMatch(
      /^no source of vulnerabilities was read here; run: sallyport intel sync/,
    );
    expect(document.verdict).toBe("admit");
  });

  it("is shown with score and fix, and admits the product where nobody exploits it", async () => {
    await importJson(`${CVE}.json`, cveRecord);
    const { document } = await check("xtrade.exe");
    expect(document.verdict).toBe("admit");
    expect(seen(document)).toMatchObject({
      outcome: "pass",
      because: expect.stringMatching(
        /^XTrade 3\.1 has CVE-2099-0001 \(CVSS 9\.8\); fixed in 3\.2 \(CISA Vulnrichment of /,
      ),
    });
    const text = await place.sallyport("check", place.at("xtrade.exe"));
    expect(text.stdout).toMatch(/^Known: XTrade 3\.1 has CVE-2099-0001/m);
    expect(text.stdout).not.toMatch(/^Fine: .*vulnerable/m);
  });

  it("refuses the product once it is exploited, and says which release to get", async () => {
    await importJson("known_exploited_vulnerabilities.json", catalogueOf([CVE, "2026-01-02"]));
    const { code, document } = await check("xtrade.exe");
    expect(code).toBe(20);
    expect(policiesOf(document)).toContain("exploited-product");
    const text = await place.sallyport("check", place.at("xtrade.exe"));
    expect(text.stdout).toContain("Next: Get 3.2 from its maker instead.");
  });

  it("leaves products of near names alone", async () => {
    for (const file of ["x_trader-2.0.1.exe", "charts.exe"])
      expect(seen((await check(file)).document)).not.toHaveProperty("outcome");
  });

  it("hears the product's own maker, and nobody else", async () => {
    const statement = (author: string) => ({
      "@context": "https://openvex.dev/ns/v0.2.0",
      "@id": "https://software.example/vex/1",
      author,
      timestamp: "2026-01-01T00:00:00Z",
      version: 1,
      statements: [
        {
          vulnerability: { name: CVE },
          products: [{ identifiers: { cpe23: "cpe:2.3:a:example_software:xtrade:3.1:*:*:*:*:*:*:*" } }],
          status: "not_affected",
          justification: "vulnerable_code_not_present",
        },
      ],
    });
    await importJson("vex.json", statement("Somebody Else"));
    expect(policiesOf((await check("xtrade.exe")).document)).toContain("exploited-product");
    await importJson("vex.json", statement("Example Software"));
    const { document } = await check("xtrade.exe");
    expect(document.verdict).toBe("admit");
    expect(seen(document)?.because).toMatch(
      /Example Software says that it does not have CVE-2099-0001: vulnerable code not present/,
    );
  });

  it("holds a part only for what is exploited since the release before was let in", async () => {
    await importJson("GHSA-2222-3333-4444.json", osvRecord);
    expect(await place.sallyport("admit", place.at("app-1.zip"), ...PERSON)).toMatchObject({ code: 0 });
    const old = await check("app-2.zip", "--baseline", place.at("app-1.zip"));
    expect(policiesOf(old.document)).not.toContain("exploited-vulnerability");
    expect(seen(old.document)).toMatchObject({ path: "app/node_modules/example-parser/package.json" });

    await importJson("known_exploited_vulnerabilities.json", catalogueOf([PART_CVE, "2026-01-02"]));
    const weighed = await check("app-2.zip", "--baseline", place.at("app-1.zip"));
    expect(policiesOf(weighed.document)).not.toContain("exploited-vulnerability");

    await importJson("known_exploited_vulnerabilities.json", catalogueOf([PART_CVE, "2099-01-02"]));
    const news = await check("app-2.zip", "--baseline", place.at("app-1.zip"));
    expect(policiesOf(news.document)).toContain("exploited-vulnerability");
    expect(policiesOf((await check("app-2.zip")).document)).not.toContain("exploited-vulnerability");
  });

  it("refuses a package that was published to do harm, wherever it lies", async () => {
    await importJson("MAL-2099-1.json", { ...osvRecord, id: "MAL-2099-1", aliases: [], summary: "Steals." });
    const { code, document } = await check("app-2.zip");
    expect(code).toBe(20);
    expect(policiesOf(document)).toContain("malicious-package");
  });
});
