import { sourceOf, verifyContext } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildZip, type Part } from "../../formats/zip/zip.fixture.ts";
import { day, NOW, signer, signerOf, stamped, trust } from "../authenticode/signing.fixture.ts";
import { appx } from "./index.ts";
import {
  blockMapOf,
  bundleManifestOf,
  CONTENT,
  packageParts,
  signPackage,
  TYPES,
} from "./package.fixture.ts";

const verify = (bytes: Buffer, format = "appx") =>
  appx.verify(sourceOf(bytes), verifyContext({ format, trust, now: NOW }));

describe("app packages", () => {
  it.each(["sha256", "sha384", "sha512"] as const)("believes one whose digests are %s", async (digest) => {
    const { signatures, findings } = await verify(
      await signPackage(packageParts({ digest }), { signer, digest }),
    );
    expect(findings).toEqual([]);
    expect(signatures).toMatchObject([
      { scheme: "appx", integrity: "pass", trust: "valid-now", digestAlgorithm: digest },
    ]);
  });

  it("takes the time from a timestamp", async () => {
    const at = stamped(day("2026-01-01"));
    const { signatures } = await verify(
      await signPackage(packageParts(), { signer, unsignedAttributes: at }),
    );
    expect(signatures).toMatchObject([{ trust: "valid-timestamped" }]);
  });

  it("has nothing to say of what is no package, and of one that is not signed", async () => {
    expect(await verify(buildZip([{ name: "a", bytes: CONTENT }]), "zip")).toEqual({
      signatures: [],
      findings: [],
    });
    expect(await verify(buildZip(packageParts()))).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"), "zip")).toEqual({ signatures: [], findings: [] });
    expect(await verify(Buffer.from("no zip"))).toMatchObject({ findings: [{ outcome: "unknown" }] });
  });

  it("has nothing to say of folders that hold a template of a manifest", async () => {
    for (const text of ["<Package/>", "no XML"]) {
      const parts = ["AppxManifest.xml", "AppxMetadata/AppxBundleManifest.xml"];
      const bytes = buildZip(parts.map((name) => ({ name, bytes: Buffer.from(text) })));
      expect(await verify(bytes)).toEqual({ signatures: [], findings: [] });
    }
  });

  it("looks for the signature whatever else the archive looks like", async () => {
    const apk: Part = { name: "AndroidManifest.xml", bytes: Buffer.from("x") };
    const signed = await signPackage([apk, ...packageParts()], { signer });
    const { signatures, findings } = await verify(signed, "apk");
    expect(signatures).toMatchObject([{ integrity: "pass" }]);
    expect(findings).toMatchObject([{ check: "structure", because: "its block map does not list it" }]);
  });

  it("compares the publisher with the signer, name by name", async () => {
    const quoted = signerOf({ subject: { commonName: 'Demo, "Inc"', organisation: "a+b" } });
    const told = 'CN="Demo, ""Inc""", O="a+b"';
    const publisher = told.replaceAll('"', "&quot;");
    expect(await verify(await signPackage(packageParts({ publisher }), { signer: quoted }))).toMatchObject({
      findings: [],
    });
    for (const [other, outcome] of [
      ["O=Example, CN=Signer", "fail"],
      ["CN=Signer, O=Example, C=US", "fail"],
      ["CN=Somebody", "fail"],
      ["UNHEARD=Signer", "unknown"],
      ["Signer", "unknown"],
      ["O=&quot;Example", "unknown"],
    ] as const) {
      const { findings } = await verify(await signPackage(packageParts({ publisher: other }), { signer }));
      expect(findings, other).toMatchObject([{ check: "integrity", outcome }]);
    }
  });
});

describe("bundles", () => {
  const bundle = async (change: { entry?: string; publisher?: string; innerPublisher?: string } = {}) => {
    const inner = await signPackage(
      packageParts({ publisher: change.innerPublisher ?? "CN=Signer, O=Example" }),
      {
        signer,
      },
    );
    const name = "demo%20x64.msix";
    const entry =
      change.entry ??
      `<Package Type="application" FileName="demo x64.msix" Offset="${30 + name.length}" Size="${inner.length}"/>`;
    const manifest: Part = {
      name: "AppxMetadata/AppxBundleManifest.xml",
      bytes: Buffer.from(bundleManifestOf(entry, change.publisher)),
    };
    const parts: Part[] = [
      { name, bytes: inner, method: 0 },
      manifest,
      { name: "AppxBlockMap.xml", bytes: Buffer.from(blockMapOf([manifest])) },
      { name: "[Content_Types].xml", bytes: Buffer.from(TYPES) },
    ];
    return verify(await signPackage(parts, { signer }), "appxbundle");
  };

  it("believes one whose packages are where it says", async () => {
    expect(await bundle()).toMatchObject({ findings: [], signatures: [{ integrity: "pass" }] });
  });

  it.each([
    ['<Package FileName="demo x64.msix" Offset="46" Size="1"/>', /lies elsewhere/],
    ['<Package FileName="demo x64.msix" Size="1"/>', /does not say where/],
    ['<Package FileName="other.msix" Offset="4" Size="1"/>', /not inside/],
    ["", /does not list it/],
  ])("does not believe one that lists %s", async (entry, because) => {
    const { findings } = await bundle({ entry });
    expect(findings[0]).toMatchObject({ check: "structure", outcome: "fail" });
    expect(findings[0]?.because).toMatch(because);
  });

  it("says that it did not see a package that lies beside", async () => {
    const { findings } = await bundle({
      entry: '<Package FileName="demo x64.msix" Offset="45" Size="0"/><Package FileName="more.msix"/>',
    });
    expect(findings).toContainEqual(expect.objectContaining({ check: "opened", outcome: "unknown" }));
  });

  it("does not believe a package of somebody else inside", async () => {
    const { findings } = await bundle({ innerPublisher: "CN=Somebody" });
    expect(findings).toMatchObject([
      { check: "structure", because: expect.stringMatching(/another publisher/) },
    ]);
  });
});
