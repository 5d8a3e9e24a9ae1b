import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { osv } from "./index.ts";
import { recordWith, sample } from "./sample.fixture.ts";

const one = (changed: Readonly<Record<string, unknown>>) =>
  readAll(osv, { "record.json": JSON.stringify(recordWith(changed)) });
const affecting = (...affected: readonly unknown[]) => one({ affected });
const packaged = (ecosystem: string, name: string, more: Readonly<Record<string, unknown>> = {}) => ({
  package: { ecosystem, name },
  ...more,
});

describe("osv", () => {
  it("reads every record of an ecosystem's archive", async () => {
    expect(await readAll(osv, sample)).toEqual({
      skipped: [],
      facts: [
        {
          kind: "vulnerability",
          id: "GHSA-2222-3333-4444",
          aliases: ["CVE-2024-0001"],
          about: {
            identifiers: [{ kind: "purl", value: "pkg:npm/%40example/parser" }],
            scheme: "semver",
            versions: { ranges: [{ introduced: "1.0.0", fixed: "1.4.2" }], exact: [] },
          },
          summary: "example-parser runs what it reads",
          vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
          url: "https://osv.dev/vulnerability/GHSA-2222-3333-4444",
        },
      ],
    });
  });

  it.each([
    ["PyPI", "Zope_Interface", "pkg:pypi/zope-interface", "pep440"],
    ["Go", "github.com/example/mod/v2", "pkg:golang/github.com/example/mod/v2", "go"],
    ["Maven", "org.example:core", "pkg:maven/org.example/core", "maven"],
    ["crates.io", "tokio", "pkg:cargo/tokio", "semver"],
    ["NuGet", "Newtonsoft.Json", "pkg:nuget/Newtonsoft.Json", "nuget"],
    ["RubyGems", "rails", "pkg:gem/rails", "gem"],
    ["Packagist", "symfony/http-kernel", "pkg:composer/symfony/http-kernel", "composer"],
    ["Debian:12", "openssl", "pkg:deb/debian/openssl?arch=source&distro=debian-12", "deb"],
    ["Ubuntu:Pro:18.04:LTS", "openssl", "pkg:deb/ubuntu/openssl?arch=source&distro=ubuntu-18.04", "deb"],
    ["Alpine:v3.19", "openssl", "pkg:apk/alpine/openssl?arch=source&distro=alpine-3.19", "apk"],
    ["Red Hat:enterprise_linux:9::appstream", "curl", "pkg:rpm/redhat/curl?distro=rhel-9", "rpm"],
    [
      "SUSE:Linux Enterprise Module for Basesystem 15 SP5",
      "curl",
      "pkg:rpm/suse/curl?arch=source&distro=sles-15.5",
      "rpm",
    ],
    ["openSUSE:Leap 15.5", "curl", "pkg:rpm/opensuse/curl?arch=source&distro=opensuse-leap-15.5", "rpm"],
    ["Rocky Linux:9", "curl", "pkg:rpm/rocky/curl?distro=rocky-9", "rpm"],
    ["SwiftURL", "https://github.com/apple/swift-nio", "pkg:swift/github.com/apple/swift-nio", "semver"],
  ])("names a package of %s by its package URL", async (ecosystem, name, purl, scheme) => {
    const { facts } = await affecting(packaged(ecosystem, name));
    expect(facts).toMatchObject([{ about: { identifiers: [{ kind: "purl", value: purl }], scheme } }]);
  });

  it("reads several ranges, and one that nothing closes", async () => {
    const events = [{ introduced: "0" }, { fixed: "1.2" }, { introduced: "2.0" }, { last_affected: "2.3" }];
    const { facts } = await affecting(
      packaged("npm", "a", { ranges: [{ type: "SEMVER", events }] }),
      packaged("npm", "b", { ranges: [{ type: "SEMVER", events: [{ introduced: "3.0" }] }] }),
    );
    expect(facts).toMatchObject([
      { about: { versions: { ranges: [{ fixed: "1.2" }, { introduced: "2.0", lastAffected: "2.3" }] } } },
      { about: { versions: { ranges: [{ introduced: "3.0" }] } } },
    ]);
  });

  it("orders events by their versions where they stand in another order", async () => {
    const events = [
      { introduced: "2.0.0" },
      { introduced: "0" },
      { fixed: "2.3.0" },
      { fixed: "1.10.0" },
      { fixed: "1.9.0" },
    ];
    const { facts } = await affecting(packaged("npm", "a", { ranges: [{ type: "SEMVER", events }] }));
    expect(facts).toMatchObject([
      { about: { versions: { ranges: [{ fixed: "1.9.0" }, { introduced: "2.0.0", fixed: "2.3.0" }] } } },
    ]);
  });

  it("ends an open range where the record says up to which version it is known", async () => {
    const { facts } = await affecting(
      packaged("npm", "a", {
        ranges: [{ type: "SEMVER", events: [{ introduced: "0" }] }],
        database_specific: { last_known_affected_version_range: "<= 1.2.3" },
      }),
    );
    expect(facts).toMatchObject([{ about: { versions: { ranges: [{ lastAffected: "1.2.3" }] } } }]);
  });

  it("takes versions from tags and from what converters put beside commits, never commits", async () => {
    const commit = "a".repeat(40);
    const git = (more: object) => ({
      ranges: [
        { type: "GIT", repo: "https://github.com/Curl/curl.git", events: [{ introduced: commit }], ...more },
      ],
    });
    const { facts } = await affecting(
      { ...git({}), versions: ["curl-8_4_0", "v7.1", "R_2_5_0", "nightly"] },
      git({ database_specific: { extracted_events: [{ introduced: "7.0" }, { fixed: "8.4.0" }] } }),
    );
    const identifiers = [{ kind: "purl", value: "pkg:github/curl/curl" }];
    expect(facts).toMatchObject([
      { about: { identifiers, versions: { ranges: [], exact: ["8.4.0", "7.1", "2.5.0"] } } },
      { about: { identifiers, versions: { ranges: [{ introduced: "7.0", fixed: "8.4.0" }], exact: [] } } },
    ]);
    expect(JSON.stringify(facts)).not.toContain(commit);
  });

  it("makes one vulnerability of each that a distribution's advisory mends", async () => {
    const { facts } = await one({
      id: "DSA-5000-1",
      aliases: [],
      upstream: ["CVE-2024-0002", "CVE-2024-0003", "GHSA-aaaa-bbbb-cccc"],
    });
    expect(facts).toMatchObject([
      { id: "CVE-2024-0002", aliases: ["DSA-5000-1"] },
      { id: "CVE-2024-0003", aliases: ["DSA-5000-1"] },
    ]);
  });

  it("leaves out what a distribution lists beside a range that it orders completely", async () => {
    const ranges = [{ type: "ECOSYSTEM", events: [{ introduced: "0" }, { fixed: "3.0.11-1" }] }];
    const { facts } = await affecting(packaged("Debian:12", "openssl", { ranges, versions: ["3.0.9-1"] }));
    expect(facts).toMatchObject([{ about: { versions: { ranges: [{ fixed: "3.0.11-1" }], exact: [] } } }]);
  });

  it("says when a record was withdrawn", async () => {
    expect((await one({ withdrawn: "2024-06-01T00:00:00Z" })).facts).toMatchObject([
      { withdrawnOn: "2024-06-01T00:00:00.000Z" },
    ]);
  });

  it("fetches the archive of a named ecosystem, in OSV's own spelling", () => {
    expect(osv.choice?.downloads("pypi")).toMatchObject([
      { name: "PyPI-all.zip", url: "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip" },
    ]);
    expect(() => osv.choice?.downloads("nmp")).toThrow(/no ecosystem nmp/);
  });

  it("is as old as the newest entry of its archive", async () => {
    expect(await osv.asOf?.(filesOf(sample), contextWith())).toBe("2024-05-06T00:00:00.000Z");
    expect(
      await osv.asOf?.(filesOf({ "a.json": JSON.stringify(recordWith()) }), contextWith()),
    ).toBeUndefined();
  });

  it("recognises an archive by its first record, and a single record by what stands in it", () => {
    expect(osv.recognises?.("download.bin", sample["npm-all.zip"] ?? new Uint8Array())).toBe(true);
    expect(osv.recognises?.("a.json", Buffer.from(JSON.stringify(recordWith()).slice(0, 4096)))).toBe(true);
    expect(osv.recognises?.("a.json", Buffer.from('{"vulnerabilities":[]}'))).toBe(false);
  });
});
