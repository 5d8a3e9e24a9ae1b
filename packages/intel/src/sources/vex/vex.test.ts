import { describe, expect, it } from "vitest";
import type { Fact } from "../../fact.ts";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { vex } from "./index.ts";
import { cycloneDxOf, openVexOf, sample, statementWith } from "./sample.fixture.ts";

const read = (document: unknown) => readAll(vex, { "a.json": JSON.stringify(document) });
const statement = (changed: object) => read(openVexOf(statementWith(changed)));
const first = ({ facts }: { readonly facts: readonly Fact[] }) => facts[0];

describe("vex", () => {
  it("reads who says what of which version, and takes what is affected for a vulnerability", async () => {
    const about = {
      identifiers: [{ kind: "purl", value: "pkg:npm/%40example/viewer" }],
      scheme: "semver",
      versions: { ranges: [], exact: ["7.2.0"] },
    };
    const named = {
      vendor: "Example Software",
      product: "Example Viewer",
      identifiers: [],
      scheme: "generic",
      versions: { ranges: [], exact: ["7.2.0"] },
    };
    const exploitable = { status: "affected", author: "Example Software", justification: "Update." };
    expect(await readAll(vex, sample)).toEqual({
      skipped: [],
      facts: [
        {
          kind: "statement",
          vulnerability: "CVE-2024-0001",
          about,
          statement: {
            status: "not-affected",
            author: "Example Software",
            justification: "vulnerable_code_not_present",
            url: "https://software.example/vex/1",
          },
        },
        { kind: "statement", vulnerability: "CVE-2024-0001", about: named, statement: exploitable },
        { kind: "vulnerability", id: "CVE-2024-0001", aliases: [], about: named, summary: "It breaks." },
      ],
    });
  });

  it("takes an identifier without a version for every version, as OpenVEX says", async () => {
    expect(
      first(
        await statement({ products: [{ identifiers: { purl: "pkg:deb/debian/curl?distro=debian-12" } }] }),
      ),
    ).toMatchObject({
      about: {
        identifiers: [{ kind: "purl", value: "pkg:deb/debian/curl?distro=debian-12" }],
        scheme: "deb",
        versions: "all",
      },
    });
  });

  it("reads CPEs, of 2.2 and 2.3, and products that are texts", async () => {
    const cpe22 = "cpe:/a:example:viewer:7.2.0";
    const viewer = { kind: "cpe", value: "cpe:2.3:a:example:viewer:*:*:*:*:*:*:*:*" };
    expect(first(await statement({ products: [{ identifiers: { cpe22 } }] }))).toMatchObject({
      about: { identifiers: [viewer], versions: { exact: ["7.2.0"] } },
    });
    const old = { vulnerability: "CVE-2024-0001", products: ["pkg:pypi/viewer@1.0"] };
    expect(first(await statement(old))).toMatchObject({
      about: { scheme: "pep440", versions: { exact: ["1.0"] } },
    });
  });

  it("counts the later of two statements about the same", async () => {
    const earlier = statementWith({ status: "under_investigation", timestamp: "2024-01-01T00:00:00Z" });
    const { facts } = await read(openVexOf(statementWith(), earlier));
    expect(facts).toMatchObject([{ statement: { status: "not-affected" } }]);
  });

  it("tells of statements that do not count, and reads the others", async () => {
    const { facts, skipped } = await read(
      openVexOf(
        statementWith({ justification: undefined }),
        statementWith({ status: "fine" }),
        statementWith({ products: [{ "@id": "https://software.example/viewer" }] }),
        statementWith({ products: [] }),
        statementWith(),
      ),
    );
    expect(facts).toHaveLength(1);
    expect(skipped).toEqual([
      { file: "a.json", row: "statements[0]", because: expect.stringMatching(/nobody says why/) },
      { file: "a.json", row: "statements[1]", because: expect.stringMatching(/none that OpenVEX knows/) },
      {
        file: "a.json",
        row: "statements[2]",
        because: expect.stringMatching(/nothing that can be compared/),
      },
      { file: "a.json", row: "statements[3]", because: '"products" is missing' },
    ]);
  });

  it.each([
    ["in_triage", "under-investigation"],
    ["resolved", "fixed"],
    ["false_positive", "not-affected"],
    ["not_affected", "not-affected"],
  ])("understands CycloneDX's %s", async (state, status) => {
    expect((await read(cycloneDxOf({ state }))).facts).toMatchObject([{ statement: { status } }]);
  });

  it("reads CycloneDX's ranges, and the versions that it says are clean", async () => {
    const versions = [
      { range: "vers:semver/>=2.9|<4.1", status: "affected" },
      { version: "4.1", status: "unaffected" },
      { version: "5", status: "unknown" },
    ];
    const { facts } = await read(cycloneDxOf({ state: "exploitable" }, versions));
    expect(facts.filter(({ kind }) => kind === "statement")).toMatchObject([
      {
        about: { scheme: "semver", versions: { ranges: [{ introduced: "2.9", fixed: "4.1" }] } },
        statement: { status: "affected" },
      },
      { about: { versions: { exact: ["4.1"] } }, statement: { status: "not-affected" } },
    ]);
  });

  it("tells of a range that is not understood", async () => {
    const { skipped } = await read(cycloneDxOf({ state: "exploitable" }, [{ range: "the old ones" }]));
    expect(skipped).toMatchObject([
      { row: "vulnerabilities[0].affects[0]", because: '"range" is not understood' },
    ]);
  });

  it("refuses what was found and not analysed, as scanners write it", async () => {
    const bom = { ...cycloneDxOf({ state: "resolved" }) };
    const vulnerabilities = [{ id: "CVE-2024-0001", affects: [{ ref: "viewer" }] }];
    await expect(read({ ...bom, vulnerabilities })).rejects.toThrow(/nothing that somebody analysed/);
  });

  it("finds a part by the package URL in a reference into another document", async () => {
    const document = cycloneDxOf({ state: "not_affected" });
    const ref = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Anpm%2Fleft-pad%401.3.0";
    const vulnerabilities = [{ ...document.vulnerabilities[0], affects: [{ ref }, { ref: "nowhere" }] }];
    const { facts, skipped } = await read({ ...document, vulnerabilities });
    expect(facts).toMatchObject([{ about: { identifiers: [{ value: "pkg:npm/left-pad" }] } }]);
    expect(skipped).toMatchObject([{ row: "vulnerabilities[0].affects[1]" }]);
  });

  it("takes nobody's word for that of a supplier who is only named", async () => {
    const named = openVexOf(statementWith({ supplier: "Example Software" }));
    expect((await read({ ...named, author: "A Scanner" })).facts).toMatchObject([
      { statement: { author: "A Scanner" } },
    ]);
    const document = cycloneDxOf({ state: "not_affected" });
    const metadata = {
      ...document.metadata,
      manufacturer: { name: "A Scanner" },
      supplier: { name: "Example Software" },
    };
    expect((await read({ ...document, metadata })).facts).toMatchObject([
      { statement: { author: "A Scanner" } },
    ]);
  });

  it("frees nothing by what nobody answers for", async () => {
    await expect(read({ ...openVexOf(statementWith()), author: undefined })).rejects.toThrow(
      /"author" is missing/,
    );
    const purl = "pkg:npm/viewer@7.2.0";
    const { facts, skipped } = await read(
      cycloneDxOf({ state: "resolved" }, undefined, { supplier: undefined, purl }),
    );
    expect(facts).toMatchObject([{ statement: { author: "nobody who is named" } }]);
    expect(skipped).toMatchObject([{ row: "metadata", because: expect.stringMatching(/frees nothing/) }]);
  });

  it("refuses a document of another kind, and says which", async () => {
    await expect(read({ bomFormat: "SPDX" })).rejects.toThrow(/neither OpenVEX nor CycloneDX: it says SPDX/);
  });

  it("is as old as the document says", async () => {
    const { "viewer.openvex.json": document = new Uint8Array() } = sample;
    expect(await vex.asOf?.(filesOf({ "a.json": document }), contextWith())).toBe("2024-05-06T07:08:09.000Z");
  });

  it("recognises both, and is named by an https address", () => {
    for (const bytes of Object.values(sample)) expect(vex.recognises?.("x", bytes)).toBe(true);
    expect(vex.choice?.downloads("https://software.example/a.json?x=1")).toMatchObject([
      { name: "software.example/a.json", url: "https://software.example/a.json?x=1" },
    ]);
    expect(() => vex.choice?.downloads("file:///etc/passwd")).toThrow(/https address/);
  });
});
