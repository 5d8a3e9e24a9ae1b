import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { clearSign, makeKey } from "@sallyport/openpgp/signing.fixture";
import { sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import {
  type Archive,
  broughtFor,
  HEAD,
  listOf,
  makeArchive,
  PACKAGE,
  stanzaOf,
  verifyPackage,
} from "./archive.fixture.ts";
import { apt } from "./index.ts";

const verify = (archive: Archive, options = {}) => verifyPackage(broughtFor(archive), options);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
/** Two lists that do not belong together, or a package of another archive: nothing is said of the file. */
const SILENT = /lists no package|of another time/;
const failing = (because: RegExp) => [
  expect.objectContaining({
    check: "integrity",
    outcome: SILENT.test(because.source) ? "unknown" : "fail",
    because: expect.stringMatching(because),
  }),
];

describe("a package listed by a signed release", () => {
  it("is vouched for by the key the person gave", async () => {
    const { signatures, findings } = await verify(makeArchive());
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        scheme: "apt",
        integrity: "pass",
        trust: "known-key",
        namedBy: "--key archive.gpg",
        facts: { suite: "stable", codename: "demo", package: "demo", version: "1.0-1" },
      },
    ]);
  });

  it("may be found through a compressed index, whichever form the release lists", async () => {
    const archive = makeArchive();
    const compressed = gzipSync(archive.packages);
    expect((await verify({ ...archive, packages: compressed })).findings).toEqual([]);
    const listed = makeArchive({ list: listOf(compressed, "main/binary-amd64/Packages.gz") });
    expect((await verify({ ...listed, packages: compressed })).findings).toEqual([]);
  });

  it("may be listed by SHA-512 alone, or by the release itself", async () => {
    const archive = makeArchive();
    const list = listOf(archive.packages, "main/binary-amd64/Packages", "sha512");
    expect((await verify(makeArchive({ list }))).findings).toEqual([]);
    const direct = broughtFor(makeArchive({ list: listOf(PACKAGE, "main/installer-amd64/image.tar.gz") }));
    delete (direct as { packages?: unknown }).packages;
    expect((await verifyPackage(direct)).findings).toEqual([]);
  });

  it("is told of when a later version is listed beside it", async () => {
    const later = stanzaOf(Buffer.from("later"), "1.10-1");
    const { signatures, findings } = await verify(makeArchive({ index: stanzaOf(PACKAGE, "1.9-1") + later }));
    expect(findings).toMatchObject([
      { check: "integrity", outcome: "pass", facts: { newestListedVersion: "1.10-1" } },
    ]);
    expect(signatures).toMatchObject([
      {
        because: expect.stringContaining("also the later version 1.10-1"),
        facts: { newestListedVersion: "1.10-1" },
      },
    ]);
  });
});

describe("a source package", () => {
  const index = `Package: demo\nVersion: 1.0-1\nFiles:\n ${"0".repeat(32)} ${PACKAGE.length} demo.dsc\nChecksums-Sha256:\n ${"0".repeat(64)} 1 demo.tar\n ${sha256(PACKAGE)} ${PACKAGE.length} demo.dsc\n\n`;
  const list = listOf(Buffer.from(index), "main/source/Sources");

  it("is vouched for by the index of sources", async () => {
    expect(await verify(makeArchive({ index, list }))).toMatchObject({
      findings: [],
      signatures: [{ trust: "known-key", facts: { listedAs: "demo.dsc", package: "demo" } }],
    });
  });

  it("is not vouched for by a line of that look in another field", async () => {
    const elsewhere = index.replace("Checksums-Sha256:", "Description:");
    const archive = makeArchive({
      index: elsewhere,
      list: listOf(Buffer.from(elsewhere), "main/source/Sources"),
    });
    expect((await verify(archive)).findings).toEqual(failing(/lists no package/));
  });
});

describe("a release that does not vouch", () => {
  it("for a package says nothing about it without the index", async () => {
    const { packages: _, ...brought } = broughtFor(makeArchive());
    expect(await verifyPackage(brought)).toMatchObject({
      signatures: [{ integrity: "unknown" }],
      findings: [{ check: "integrity", outcome: "unknown", because: expect.stringMatching(/--packages/) }],
    });
  });

  it.each([
    [
      "for other bytes",
      makeArchive({ index: stanzaOf(Buffer.from("other")) }),
      /lists no package with these bytes/,
    ],
    [
      "for an index of another time",
      { ...makeArchive(), packages: Buffer.from(`${stanzaOf(PACKAGE)}\n`) },
      /of another time/,
    ],
    [
      "for a listed file that is no index",
      makeArchive({ list: listOf(Buffer.from(stanzaOf(PACKAGE)), "main/i18n/Translation-en") }),
      /of another time/,
    ],
    [
      "for a size that is another",
      makeArchive({ index: stanzaOf(PACKAGE).replace(/Size: .*/, "Size: 1") }),
      /contradicts itself/,
    ],
    [
      "for digests that disagree",
      makeArchive({ index: stanzaOf(PACKAGE, "1", `SHA512: ${"0".repeat(128)}\n`) }),
      /contradicts itself/,
    ],
    [
      "when the digest stands in a description only",
      makeArchive({ index: stanzaOf(PACKAGE).replace("SHA256:", "Description: a\n SHA256:") }),
      /lists no package/,
    ],
    ["when it has two paragraphs", makeArchive({ head: `Origin: A\n\n${HEAD}` }), /more than one paragraph/],
    ["when it gives a field twice", makeArchive({ head: `${HEAD}suite: other\n` }), /given twice/],
    ["without a date", makeArchive({ head: "Suite: stable\n" }), /does not say when/],
    ["with a date that is none", makeArchive({ head: "Suite: stable\nDate: yesterday\n" }), /cannot be read/],
  ])("%s", async (_, archive, because) => {
    const { signatures, findings } = await verify(archive);
    expect(findings).toEqual(failing(because));
    expect(signatures.every(({ integrity }) => integrity !== "pass")).toBe(true);
  });

  it("lists digests that can be forged", async () => {
    const archive = makeArchive();
    const weak = await verify(
      makeArchive({ list: `MD5Sum:\n ${"0".repeat(32)} 1 Packages\nSHA1:\n ${"0".repeat(40)} 1 Packages\n` }),
    );
    expect(weak.findings).toContainEqual(expect.objectContaining({ check: "weak-digest", outcome: "fail" }));
    expect(archive.release.length).toBeGreaterThan(0);
  });

  it("has text around it that nobody signed", async () => {
    const archive = makeArchive();
    for (const release of [
      Buffer.concat([Buffer.from(`${HEAD}${listOf(Buffer.from("evil"))}\n`), archive.release]),
      Buffer.concat([archive.release, Buffer.from(`\n${HEAD}`)]),
      Buffer.from(archive.release.toString().replace("Hash: SHA512", "Hash: SHA512\nOrigin: Evil")),
    ])
      expect((await verify({ ...archive, release })).findings).toEqual(failing(/nobody signed/));
  });

  it("was changed", async () => {
    const archive = makeArchive();
    const release = Buffer.from(archive.release.toString().replace("Suite: stable", "Suite: stablf"));
    const { signatures, findings } = await verify({ ...archive, release });
    expect(findings).toEqual(failing(/the signature is wrong/));
    expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
  });
});

describe("the name a file came under", () => {
  const other = Buffer.from("the bytes of a later package\n");
  const index = stanzaOf(PACKAGE) + stanzaOf(other, "2.0-1");
  const verifyAs = (label: string, archive = makeArchive({ index })) =>
    verifyPackage({ ...broughtFor(archive), label });

  it.each(["demo_1.0-1_amd64.deb", "renamed.deb", "0-1_amd64.deb"])("may be %s", async (label) => {
    expect((await verifyAs(label)).signatures).toMatchObject([{ trust: "known-key" }]);
  });

  it("must not be that of another file in the index", async () => {
    for (const label of ["demo_2.0-1_amd64.deb", "folder/demo_2.0-1_amd64.deb"]) {
      const { signatures, findings } = await verifyAs(label);
      expect(findings).toEqual(failing(/other bytes under the name/));
      expect(signatures).toMatchObject([{ integrity: "fail", trust: "broken" }]);
    }
  });

  it("must not be that of another package, whatever the version", async () => {
    const text = Buffer.from("the bytes of a shell\n");
    const both = stanzaOf(PACKAGE) + stanzaOf(text).replaceAll("demo", "shell");
    const archive = makeArchive({ index: both });
    expect((await verifyAs("shell_0.9-1_amd64.deb", archive)).findings).toEqual(
      failing(/other packages under the name shell/),
    );
    for (const label of ["demo_0.9-1_amd64.deb", "other_1_all.deb", "shell.deb"])
      expect((await verifyAs(label, archive)).findings, label).toEqual([]);
  });

  it("must not be that of another file in the release", async () => {
    const list = `${listOf(PACKAGE, "installer/mini.iso")}${listOf(other, "installer/netboot.iso").replace("SHA256:\n", "")}`;
    const archive = makeArchive({ list });
    expect((await verifyAs("mini.iso", archive)).findings).toEqual([]);
    expect((await verifyAs("netboot.iso", archive)).findings).toEqual(failing(/other bytes under the name/));
  });
});

it("takes an index with line ends of Windows, or without the last one", async () => {
  for (const index of [stanzaOf(PACKAGE).trimEnd(), stanzaOf(PACKAGE).replaceAll("\n", "\r\n")])
    expect(await verify(makeArchive({ index }))).toMatchObject({
      findings: [],
      signatures: [{ trust: "known-key" }],
    });
});

describe("the time of a release", () => {
  it.each([
    ["2024-06-09T00:00:00Z", "expired", /an old list may hide/],
    ["2024-05-31T00:00:00Z", "not-yet-valid", /still to come/],
  ])("at %s makes it %s", async (now, trust, because) => {
    const { signatures } = await verify(makeArchive(), { now: new Date(now) });
    expect(signatures).toMatchObject([{ integrity: "pass", trust, because: expect.stringMatching(because) }]);
  });

  it("does not end where the archive does not end it", async () => {
    const head = HEAD.replace(/Valid-Until:.*\n/, "");
    const { signatures } = await verify(makeArchive({ head }), { now: new Date("2026-01-01T00:00:00Z") });
    expect(signatures).toMatchObject([{ trust: "known-key" }]);
  });
});

describe("who signed a release", () => {
  it("is unknown without the key", async () => {
    const brought = { ...broughtFor(makeArchive()), keys: [] };
    const { signatures, findings } = await verifyPackage(brought);
    expect(signatures).toMatchObject([{ integrity: "unknown", trust: "unknown-key" }]);
    expect(findings).toMatchObject([{ check: "integrity", outcome: "unknown" }]);
  });

  it("is nobody, when the list is not signed at all", async () => {
    const archive = makeArchive();
    const text = Buffer.from(HEAD + listOf(archive.packages));
    const { signatures, findings } = await verify({ ...archive, release: text });
    expect(signatures).toEqual([]);
    expect(findings).toMatchObject([{ outcome: "unknown", because: expect.stringMatching(/nobody signed/) }]);
  });

  it("is one of the two that an archive signs with while it replaces its key", async () => {
    const archive = makeArchive();
    const [mine, other] = [
      archive.release.toString(),
      clearSign(makeKey(), HEAD + listOf(archive.packages)).toString(),
    ];
    const body = (text: string) => /-----BEGIN PGP SIGNATURE-----\n\n([^-]*)/.exec(text)?.[1] ?? "";
    const both = Buffer.concat([mine, other].map((text) => Buffer.from(body(text), "base64"))).toString(
      "base64",
    );
    const release = Buffer.from(mine.replace(body(mine), `${both}\n`));
    const { signatures, findings } = await verify({ ...archive, release });
    expect(findings).toEqual([]);
    expect(signatures.map(({ trust }) => trust)).toEqual(["known-key", "unknown-key"]);
  });
});

it("claims release, index and key, and nothing without a release", async () => {
  const { release, packages, keys = [] } = broughtFor(makeArchive());
  const noise = { name: "noise", source: sourceOf(Buffer.from("noise")) };
  if (release === undefined || packages === undefined) throw new TypeError("the fixture brings both");
  const all = { label: "", signatures: [noise], keys: [...keys, noise], release, packages };
  expect(await apt.claims?.(all)).toEqual([release, packages, ...keys]);
  expect(await apt.claims?.({ label: "", signatures: [], keys, packages })).toEqual([]);
});
