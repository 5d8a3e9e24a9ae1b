import { describe, expect, it } from "vitest";
import type { ArtifactMember } from "../../artifact.ts";
import { signedBy } from "../../checks/check.fixture.ts";
import type { CertificateSummary, SignatureReport } from "../../signatures/scheme.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Difference, Pair } from "../trait.ts";
import { signer } from "./index.ts";

type Signatures = readonly SignatureReport[];
interface Subject extends Partial<CertificateSummary> {
  readonly place?: string;
}

/** @param given - of the certificate */
function by(name: string, given: Subject = {}, report: Partial<SignatureReport> = {}): SignatureReport {
  const { signer: certificate } = signedBy(name);
  const { place = "C=US", ...more } = given;
  const subject = `CN=${name},O=${name} Ltd,${place}`;
  const issuer = "CN=Code CA 1,O=Example Authority\\, Inc.,C=US";
  return signedBy(name, {
    ...report,
    ...(certificate === undefined ? {} : { signer: { ...certificate, subject, issuer, ...more } }),
  });
}

/** Members by path, each with its signatures before and after; every one changed unless `same` names it. */
async function compare(
  members: Readonly<Record<string, readonly [Signatures, Signatures]>>,
  same: readonly string[] = [],
): Promise<(Difference & { path: string })[]> {
  const pairs: Pair[] = [];
  for (const [path, [before, after]] of Object.entries(members)) {
    const draw = (signatures: Signatures, bytes: string) =>
      portraitOf([], { path, signatures, format: "pe", bytes: Buffer.from(bytes) });
    const isSame = same.includes(path);
    pairs.push({
      before: await draw(before, path),
      after: await draw(after, isSame ? path : `${path} changed`),
      how: "path",
    });
  }
  return [...(signer.compareReleases?.(contextOf(pairs)) ?? [])];
}
const one = async (before: Signatures, after: Signatures) => (await compare({ "a.dll": [before, after] }))[0];

const vendor = by("Vendor");
const renewed = by("Vendor", { sha256: "cd".repeat(32) });
const elsewhere = { issuer: "CN=Cheap CA,O=Cheap Authority,C=US", sha256: "ef".repeat(32) };

describe("a signature that went", () => {
  it("is high where it was proven, and low where it was not", async () => {
    expect(await one([vendor], [])).toMatchObject({
      rule: "signer-removed",
      risk: "high",
      because: "was signed by Vendor Ltd, and is not signed any more",
    });
    expect(await one([by("Vendor", {}, { trust: "self-signed" })], [])).toMatchObject({ risk: "low" });
    expect(await one([by("Vendor", {}, { scheme: "jar" })], [])).toMatchObject({ risk: "medium" });
  });

  it("is high where nobody vouched for it either, when the same company signs other files", async () => {
    const own = by("Vendor", {}, { trust: "unknown-root" });
    const others = { "b.dll": [[own], [own]], "c.dll": [[own], [own]] } as const;
    expect(await compare({ "a.dll": [[own], []], ...others })).toMatchObject([
      { path: "a.dll", risk: "high", because: expect.stringMatching(/while other files still are/) },
    ]);
    expect(await compare({ "a.dll": [[own], []], ...others }, ["b.dll", "c.dll"])).toMatchObject([
      { path: "a.dll", risk: "high" },
    ]);
    expect(await compare({ "a.dll": [[own], []], "b.dll": [[own], []] })).toMatchObject([
      { path: "a.dll", risk: "low" },
      { path: "b.dll", risk: "low" },
    ]);
    const archive = by("Vendor", {}, { scheme: "jar", trust: "unknown-root" });
    expect(await compare({ "a.jar": [[archive], []], "b.jar": [[archive], [archive]] })).toMatchObject([
      { path: "a.jar", risk: "low" },
    ]);
  });

  it("is critical when it is broken now, high when nobody vouches for it, medium when only its time is unproven", async () => {
    const now = (given: Partial<SignatureReport>) => one([vendor], [by("Vendor", {}, given)]);
    expect(await now({ integrity: "fail", trust: "broken" })).toMatchObject({ risk: "critical" });
    for (const trust of ["self-signed", "unknown-root", "invalid-path", "revoked"] as const)
      expect(await now({ trust })).toMatchObject({ rule: "signature-unproven", risk: "high" });
    for (const trust of ["expired", "timestamp-unverifiable", "valid-legacy-timestamped"] as const)
      expect(await now({ trust })).toMatchObject({ rule: "signature-unproven", risk: "medium" });
  });

  it("is nothing when it never proved anything and still does not", async () => {
    const expired = by("Vendor", {}, { trust: "expired" });
    expect(await one([expired], [expired])).toBeUndefined();
    expect(await one([], [])).toBeUndefined();
    const broken = by("Vendor", {}, { integrity: "fail", trust: "broken" });
    expect(await one([broken], [broken])).toBeUndefined();
    expect(await one([expired], [broken])).toMatchObject({ risk: "critical" });
  });
});

describe("signatures that nobody vouches for", () => {
  const unproven = (name: string, given: Subject = {}) => by(name, given, { trust: "unknown-root" });

  it("are compared with each other all the same", async () => {
    expect(await one([unproven("Vendor")], [unproven("Other")])).toMatchObject({
      rule: "signer-changed",
      risk: "medium",
    });
    expect(await one([unproven("Vendor")], [unproven("Vendor", elsewhere)])).toMatchObject({
      rule: "authority-changed",
    });
    expect(await one([unproven("Vendor")], [unproven("Vendor", { sha256: "cd".repeat(32) })])).toMatchObject({
      risk: "info",
    });
  });

  it("may become proven, by the same company", async () => {
    expect(await one([unproven("Vendor")], [vendor])).toBeUndefined();
    expect(await one([unproven("Vendor")], [by("Other")])).toMatchObject({ rule: "signer-changed" });
  });
});

describe("another company", () => {
  it("is high for the artifact itself, and then goes without saying for what is inside", async () => {
    const handed: readonly [Signatures, Signatures] = [[vendor], [by("Buyer")]];
    expect(await compare({ "": handed, "a.dll": handed, "b.dll": handed })).toMatchObject([
      { path: "", rule: "signer-changed", risk: "high" },
      { path: "a.dll", risk: "info" },
      { path: "b.dll", risk: "info" },
    ]);
  });

  it("is high for one file among others, and medium when it is known from others", async () => {
    const kept: readonly [Signatures, Signatures] = [[vendor], [vendor]];
    expect(await compare({ "": kept, "a.dll": [[vendor], [by("Stranger")]] })).toMatchObject([
      { path: "a.dll", rule: "signer-changed", risk: "high", because: expect.stringMatching(/still signs/) },
    ]);
    const maker: readonly [Signatures, Signatures] = [[by("Maker")], [vendor]];
    expect(await compare({ "": kept, "a.dll": maker })).toMatchObject([{ path: "a.dll", risk: "medium" }]);
  });

  it("is not one that writes its legal form another way", async () => {
    const [a, b] = ["Vendor, Inc.", "Vendor Incorporated"].map((organisation) =>
      by("Vendor", { organisation }),
    );
    expect(await one(a ? [a] : [], b ? [b] : [])).toBeUndefined();
  });

  it("is not a keyless identity at another tag", async () => {
    const at = (tag: string) => {
      const identity = `https://example.invalid/a/b/.github/workflows/release.yml@refs/tags/${tag}`;
      return by("x", { commonName: identity, organisation: undefined }, { scheme: "sigstore" });
    };
    expect(await one([at("v1")], [at("v2")])).toBeUndefined();
  });
});

describe("the same name", () => {
  it("from another authority is medium when all go there, and high when one file does alone", async () => {
    const moved: readonly [Signatures, Signatures] = [[vendor], [by("Vendor", elsewhere)]];
    expect(await compare({ "": moved, "a.dll": moved })).toMatchObject([
      { rule: "authority-changed", risk: "medium" },
      { rule: "authority-changed", risk: "medium" },
    ]);
    expect(await compare({ "": [[vendor], [renewed]], "a.dll": moved })).toMatchObject([
      { path: "", rule: "certificate-renewed", risk: "info" },
      { path: "a.dll", rule: "authority-changed", risk: "high" },
    ]);
    expect(await compare({ "": moved, "old.dll": [[vendor], [vendor]] }, ["old.dll"])).toMatchObject([
      { path: "", risk: "medium" },
    ]);
  });

  it("of another country, register or team is high", async () => {
    for (const [before, after] of [
      ["C=US", "C=RU"],
      ["C=US,serialNumber=1234", "C=US,serialNumber=9876"],
    ])
      expect(
        await one(
          [by("Vendor", { place: before ?? "" })],
          [by("Vendor", { ...elsewhere, place: after ?? "" })],
        ),
      ).toMatchObject({ rule: "same-name-elsewhere", risk: "high" });
    const team = (id: string) => by("Vendor", { place: `C=US,UID=${id}`, sha256: id });
    expect(await one([team("AAAA")], [team("BBBB")])).toMatchObject({
      rule: "same-name-elsewhere",
      risk: "high",
    });
  });

  it("with a renewed certificate, of another intermediate authority, is info or nothing", async () => {
    expect(await one([vendor], [renewed])).toMatchObject({ rule: "certificate-renewed", risk: "info" });
    const rotated = by("Vendor", { issuer: "CN=Code CA 2,O=Example Authority Inc,C=US" });
    expect(await one([vendor], [rotated])).toBeUndefined();
  });

  it("that signs twice, under two authorities, may stop to do so", async () => {
    const twice = [by("Vendor", elsewhere, { digestAlgorithm: "sha1" }), vendor];
    expect(await one(twice, [vendor])).toBeUndefined();
  });
});

describe("a signature that came", () => {
  it("is info, or low from somebody who signed nothing before", async () => {
    expect(await one([], [vendor])).toMatchObject({ rule: "signer-added", risk: "info" });
    const kept: readonly [Signatures, Signatures] = [[vendor], [vendor]];
    expect(await compare({ "": kept, "a.dll": [[], [vendor]] })).toMatchObject([{ risk: "info" }]);
    expect(await compare({ "": kept, "a.dll": [[], [by("Stranger")]] })).toMatchObject([{ risk: "low" }]);
    expect(await one([vendor], [vendor, by("Stranger")])).toMatchObject({
      rule: "co-signer-changed",
      risk: "low",
    });
  });
});

it("tells of a weaker digest and a lost timestamp", async () => {
  const at = { kind: "rfc3161", at: "2026-01-01T00:00:00Z", verified: true, authority: "T" } as const;
  const stamped = by("Vendor", {}, { timestamp: at });
  expect(await one([vendor], [by("Vendor", {}, { digestAlgorithm: "sha1" })])).toMatchObject({
    rule: "weaker-digest",
    risk: "medium",
  });
  expect(await one([stamped], [vendor])).toMatchObject({ rule: "timestamp-lost", risk: "low" });
  expect(await one([vendor], [stamped])).toBeUndefined();
});

it("shows who signed before and after", async () => {
  const difference = await one([vendor], []);
  expect(difference?.before?.text).toContain("CN=Vendor,O=Vendor Ltd,C=US");
  expect(difference?.after?.text).toBe("not signed");
});

it("reads names of any length and shape in linear time", async () => {
  const subject = ",\\=+".repeat(200_000);
  const strange = (text: string): ArtifactMember["signatures"] => [
    by("x", { subject: text, issuer: `${text}!` }),
  ];
  expect((await one(strange(subject), strange(`${subject}x`)))?.rule).toBe("authority-changed");
});

describe("files that were signed before", () => {
  const on = (at: string) =>
    by("Vendor", {}, { timestamp: { kind: "rfc3161", at, verified: true, authority: "Stamps" } });
  const [spring, lately, winter] = [
    on("2026-03-01T10:00:00Z"),
    on("2026-02-20T10:00:00Z"),
    on("2025-11-01T10:00:00Z"),
  ];

  it("are held when most of a release is long before what it replaces, whoever signed the outside anew", async () => {
    const inside = { "a.dll": [[spring], [winter]], "b.dll": [[spring], [winter]] } as const;
    expect(await compare({ "": [[spring], [on("2026-05-01T10:00:00Z")]], ...inside })).toMatchObject([
      {
        path: "a.dll",
        rule: "signed-long-before",
        risk: "high",
        because: expect.stringMatching(/2025-11-01/),
      },
    ]);
    expect(await compare({ "": [[spring], [winter]] })).toMatchObject([{ path: "", risk: "high" }]);
  });

  it("stay low when one part was taken back, and are nothing within weeks", async () => {
    const kept = { "b.dll": [[spring], [spring]], "c.dll": [[winter], [winter]] } as const;
    expect(await compare({ "a.dll": [[spring], [winter]], ...kept }, ["b.dll", "c.dll"])).toMatchObject([
      { path: "a.dll", rule: "signed-long-before", risk: "low" },
    ]);
    expect(await compare({ "a.dll": [[spring], [lately]] })).toEqual([]);
    expect(await compare({ "a.dll": [[winter], [spring]] })).toEqual([]);
    expect(await compare({ "a.dll": [[vendor], [winter]] })).toEqual([]);
  });
});
