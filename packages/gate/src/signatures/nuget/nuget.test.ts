import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip } from "../../formats/zip/zip.fixture.ts";
import {
  authority,
  day,
  expired,
  NOW,
  signer,
  signerOf,
  stamped,
  trust,
} from "../authenticode/signing.fixture.ts";
import { nuget } from "./index.ts";
import { countersignatureOf, PARTS, type PackageSigning, signedPackage } from "./package.fixture.ts";

const verify = (bytes: Buffer, format = "nupkg") =>
  nuget.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));
const repository = signerOf({ subject: { commonName: "Repository" } });

describe("signed packages", () => {
  it.each(["sha256", "sha384", "sha512"] as const)("are believed with %s", async (digest) => {
    const { signatures, findings } = await verify(signedPackage({ signer, digest }));
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      {
        scheme: "nuget",
        integrity: "pass",
        trust: "valid-now",
        digestAlgorithm: digest,
        facts: { kind: "author" },
      },
    ]);
  });

  it("are believed wherever the signature stands", async () => {
    for (const place of [0, 2, PARTS.length])
      expect(await verify(signedPackage({ signer }, { place }))).toMatchObject({ findings: [] });
    expect(
      await verify(signedPackage({ signer }, { frame: { comment: Buffer.from("said before") } })),
    ).toMatchObject({
      findings: [],
    });
  });

  it("tell the repository and the owners that it names", async () => {
    const { signatures } = await verify(signedPackage({ signer: repository, kind: "repository" }));
    expect(signatures).toMatchObject([
      { facts: { kind: "repository", serviceIndex: "https://example.com/index.json", owners: ["somebody"] } },
    ]);
  });

  it("are believed by the repository's word as well, each signer with their own time", async () => {
    const countersign = (value: Buffer) => [
      countersignatureOf(value, { signer: repository, unsignedAttributes: stamped(day("2026-02-01")) }),
    ];
    const signing: PackageSigning = {
      signer: expired,
      unsignedAttributes: stamped(day("2022-01-01")),
      countersign,
      certificates: [repository.certificate, authority.certificate],
    };
    const { signatures, findings } = await verify(signedPackage(signing));
    expect(findings).toEqual([]);
    expect(
      signatures.map((one) => [one.position, one.trust, one.signer?.commonName, one.facts.kind]),
    ).toEqual([
      [0, "valid-timestamped", "Signer", "author"],
      [1, "valid-timestamped", "Repository", "repository"],
    ]);
    expect(signatures[1]?.timestamp?.at).toBe("2026-02-01T00:00:00.000Z");
  });

  it("are told apart from others", async () => {
    expect(await verify(buildZip(PARTS))).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"), "zip")).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"))).toMatchObject({ findings: [{ outcome: "unknown" }] });
  });

  it("are refused for weak digests", async () => {
    const { findings } = await verify(signedPackage({ signer, digest: "sha1" }));
    expect(findings).toMatchObject([{ check: "weak-digest", outcome: "fail" }]);
  });
});
