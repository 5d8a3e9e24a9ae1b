import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { vulnrichment } from "./index.ts";
import { cveRecord, sample, viewer } from "./sample.fixture.ts";

const read = (record: object) => readAll(vulnrichment, { "CVE-2024-0001.json": JSON.stringify(record) });
const aboutOf = async (affected: object, more = {}) =>
  (await read(cveRecord([affected], more))).facts.flatMap((fact) =>
    fact.kind === "vulnerability" ? [fact.about] : [],
  );
const versionsOf = async (version: object) =>
  (await aboutOf(viewer([{ status: "affected", ...version }])))[0]?.versions;

describe("vulnrichment", () => {
  it("reads the decision points, and the versions that the record names", async () => {
    expect(await readAll(vulnrichment, sample)).toEqual({
      skipped: [],
      facts: [
        {
          kind: "decision-points",
          cve: "CVE-2024-0001",
          exploitation: "active",
          isAutomatable: true,
          technicalImpact: "total",
        },
        {
          kind: "vulnerability",
          id: "CVE-2024-0001",
          aliases: [],
          about: {
            product: "Example Viewer",
            vendor: "Example Software",
            identifiers: [],
            scheme: "generic",
            versions: { ranges: [{ fixed: "7.2.1" }], exact: [] },
          },
          summary: "Example Viewer runs what it shows",
          vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H",
          url: "https://www.cve.org/CVERecord?id=CVE-2024-0001",
        },
      ],
    });
  });

  it.each([
    [{ version: "1.2.3" }, { ranges: [], exact: ["1.2.3"] }],
    [
      { version: "1.0", lessThanOrEqual: "2.0" },
      { ranges: [{ introduced: "1.0", lastAffected: "2.0" }], exact: [] },
    ],
    [
      { version: "unspecified", lessThan: "3.1" },
      { ranges: [{ fixed: "3.1" }], exact: [] },
    ],
    [
      { version: "2.0", lessThan: "*" },
      { ranges: [{ introduced: "2.0" }], exact: [] },
    ],
    [
      { version: "1.5", lessThan: "1.5" },
      { ranges: [{ fixed: "1.5" }], exact: [] },
    ],
    [{ version: "24.08 (x64)" }, { ranges: [], exact: ["24.08"] }],
    [
      { version: "18.0", lessThan: "18.*" },
      { ranges: [], exact: [], lines: ["18"] },
    ],
    [{ version: "5.x" }, { ranges: [], exact: [], lines: ["5"] }],
    [
      { version: "8.1", lessThan: "8.2", changes: [{ at: "8.1.24", status: "unaffected" }] },
      { ranges: [{ introduced: "8.1", fixed: "8.1.24" }], exact: [] },
    ],
    [{ version: "< 4.2.1" }, { ranges: [{ fixed: "4.2.1" }], exact: [] }],
    [{ version: ">= 1.0.0, < 1.2.3" }, { ranges: [{ introduced: "1.0.0", fixed: "1.2.3" }], exact: [] }],
    [{ version: "2.3 and earlier" }, { ranges: [{ lastAffected: "2.3" }], exact: [] }],
    [{ version: "versions prior to 5.1" }, { ranges: [{ fixed: "5.1" }], exact: [] }],
    [{ version: "1.0 - 1.9" }, { ranges: [{ introduced: "1.0", lastAffected: "1.9" }], exact: [] }],
  ])("understands %j", async (version, expected) => {
    expect(await versionsOf(version)).toEqual(expected);
  });

  it.each([
    [{ version: "n/a" }],
    [{ version: "all" }],
    [{ version: "see the advisory" }],
    [{ version: "1da177e4c3f4", lessThan: "c0ffee", versionType: "git" }],
    [{ version: "some build", lessThan: "2.0" }],
    [{ version: "19.0.0", lessThan: "https://software.example/releases" }],
    [{ version: "17.0", lessThan: "18.*" }],
  ])("takes %j for no version, and never for all", async (version) => {
    expect(await versionsOf(version)).toEqual({ ranges: [], exact: [] });
  });

  it("names nobody where the record names no maker or no product", async () => {
    expect(
      await aboutOf({ vendor: "n/a", product: "n/a", versions: [{ version: "n/a", status: "affected" }] }),
    ).toEqual([]);
    expect(await aboutOf({ product: "Viewer", versions: [{ version: "1", status: "affected" }] })).toEqual(
      [],
    );
  });

  it("keeps to the line of releases that the product's name names", async () => {
    const net = { vendor: "Example", product: "Runtime 8.0" };
    const versions = [{ version: "1.0.0", lessThan: "8.0.7", status: "affected" }];
    expect(await aboutOf({ ...net, versions })).toMatchObject([
      { versions: { ranges: [{ introduced: "8.0", fixed: "8.0.7" }] } },
    ]);
  });

  it("takes CPEs without the version in them, because the versions stand beside", async () => {
    const cpes = [
      "cpe:2.3:a:example:viewer:8.0.0:*:*:*:*:*:*:*",
      "cpe:2.3:h:example:box:-:*:*:*:*:*:*:*",
      "nonsense",
    ];
    const [about] = await aboutOf(viewer([{ version: "1", status: "affected" }], { cpes }));
    expect(about?.identifiers).toEqual([{ kind: "cpe", value: "cpe:2.3:a:example:viewer:*:*:*:*:*:*:*:*" }]);
  });

  it("says nothing of what is only said to be unaffected, and leaves single versions out", async () => {
    expect(await aboutOf(viewer([{ version: "2.0", status: "unaffected" }]))).toEqual([]);
    const mixed = viewer([
      { version: "0", lessThan: "3", status: "affected" },
      { version: "2.9.1", status: "unaffected" },
    ]);
    expect(await aboutOf(mixed)).toMatchObject([
      { versions: { ranges: [{ fixed: "3" }], except: ["2.9.1"] } },
    ]);
  });

  it("does not take an unfinished list of what is clean for versions that are affected", async () => {
    const affected = viewer([{ version: "2.0", status: "unaffected" }], { defaultStatus: "affected" });
    expect(await aboutOf(affected)).toMatchObject([{ versions: { ranges: [], exact: [], except: ["2.0"] } }]);
  });

  it("takes the one version from which all is clean for the fix", async () => {
    const versions = [{ version: "7.2.1", lessThan: "*", status: "unaffected" }];
    expect(await aboutOf(viewer(versions, { defaultStatus: "affected" }))).toMatchObject([
      { versions: { ranges: [{ fixed: "7.2.1" }], exact: [] } },
    ]);
  });

  it("leaves packages of a distribution to those who list them", async () => {
    const versions = [{ version: "0:3.0.7-24.el9", lessThan: "*", status: "unaffected", versionType: "rpm" }];
    expect(await aboutOf(viewer(versions, { packageName: "openssl", defaultStatus: "affected" }))).toEqual(
      [],
    );
    const collectionURL = "https://access.redhat.com/downloads/content/package-browser/";
    expect(
      await aboutOf(viewer([], { packageName: "openssl", collectionURL, defaultStatus: "affected" })),
    ).toEqual([]);
  });

  it("reads ranges beside CPEs, except where a second product is needed for them", async () => {
    const criteria = "cpe:2.3:a:example:viewer:*:*:*:*:*:windows:*:*";
    const cpeMatch = [
      { vulnerable: true, criteria, versionStartExcluding: "1.0", versionEndExcluding: "1.5" },
    ];
    const nodes = [{ operator: "OR", negate: false, cpeMatch }];
    const of = async (applicability: object) => {
      const { facts } = await read(cveRecord([], { cna: { cpeApplicability: [applicability] } }));
      return facts.filter(({ kind }) => kind === "vulnerability");
    };
    expect(await of({ nodes })).toMatchObject([
      {
        about: {
          identifiers: [{ kind: "cpe", value: criteria }],
          versions: { ranges: [{ introduced: "1.0", fixed: "1.5" }], except: ["1.0"] },
        },
      },
    ]);
    expect(await of({ operator: "AND", nodes })).toEqual([]);
  });

  it("leaves a decision point unknown that is missing or not understood", async () => {
    const options = [{ Exploitation: "perhaps" }, { Automatable: "no" }];
    const metrics = [{ other: { type: "ssvc", content: { options } } }];
    expect((await read(cveRecord([], { cisa: { metrics } }))).facts).toEqual([
      { kind: "decision-points", cve: "CVE-2024-0001", isAutomatable: false },
    ]);
  });

  it("says since when CISA lists it as exploited, where its container repeats that", async () => {
    const metrics = [{ other: { type: "kev", content: { dateAdded: "2024-02-03" } } }];
    expect((await read(cveRecord([], { cisa: { metrics } }))).facts).toMatchObject([
      { kind: "exploited", cve: "CVE-2024-0001", since: "2024-02-03", about: { identifiers: [] } },
    ]);
  });

  it("passes over a record that was rejected", async () => {
    expect(await read(cveRecord([viewer([])], { metadata: { state: "REJECTED" } }))).toEqual({
      facts: [],
      skipped: [],
    });
  });

  it("tells of an entry that cannot be read, and reads the others", async () => {
    const good = viewer([{ version: "1", status: "affected" }]);
    const { facts, skipped } = await read(cveRecord([{ vendor: 7, product: "x" }, good]));
    expect(facts).toHaveLength(2);
    expect(skipped).toEqual([
      { file: "CVE-2024-0001.json", row: "cna.affected[0]", because: '"vendor" is no text' },
    ]);
  });

  it("recognises a checkout and a record", () => {
    const { "vulnrichment.tar.gz": archive = new Uint8Array() } = sample;
    expect(vulnrichment.recognises?.("develop", archive)).toBe(true);
    const head = Buffer.from(JSON.stringify(cveRecord([])).slice(0, 4096));
    expect(vulnrichment.recognises?.("CVE-2024-0001.json", head)).toBe(true);
    expect(vulnrichment.recognises?.("x.json", Buffer.from('{"schema_version":"1"}'))).toBe(false);
  });
});
