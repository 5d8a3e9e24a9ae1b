import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { winget } from "./index.ts";
import { readPlainly } from "./plain-yaml.ts";
import { installerManifest, localeManifest, sample } from "./sample.fixture.ts";

const folder = "r/manifests/e/Example/App/1.10";
const checkout = (...texts: readonly string[]) => ({
  "a.tar": buildTar(Object.fromEntries(texts.map((text, i) => [`${folder}/${i}.yaml`, text]))),
});
const x64 = {
  sha256: "ab".repeat(32),
  packageId: "Example.App",
  product: "App",
  vendor: "Example Software",
  version: "1.10",
  architecture: "x64",
  url: "https://software.example/app-1.10-x64.msi",
};

describe("winget", () => {
  it("brings installers and who made them together", async () => {
    const { facts, skipped } = await readAll(winget, sample);
    expect(skipped).toEqual([]);
    expect(facts).toEqual([
      { kind: "witness", witness: x64 },
      {
        kind: "witness",
        witness: {
          ...x64,
          sha256: "cd".repeat(32),
          architecture: "x86",
          url: "https://software.example/app-1.10-x86.exe",
        },
      },
    ]);
  });

  it("does so in whatever order the manifests stand", async () => {
    const { facts } = await readAll(winget, checkout(localeManifest, installerManifest));
    expect(facts).toHaveLength(2);
    expect(facts[0]).toMatchObject({ witness: { vendor: "Example Software" } });
  });

  it("counts installers without a name for the product, and one file for several languages once", async () => {
    const twice = installerManifest.replaceAll("x86", "x64").replaceAll("CD".repeat(32), "AB".repeat(32));
    const { facts } = await readAll(winget, checkout(twice.replaceAll(".exe", ".msi")));
    expect(facts).toHaveLength(1);
    expect(facts[0]).not.toHaveProperty("witness.vendor");
  });

  it("reads a manifest that holds everything", async () => {
    const merged = `${installerManifest.replace("ManifestType: installer", "ManifestType: merged")}Publisher: Example Software\nPackageName: App\n`;
    const { facts } = await readAll(winget, { "manifests/e/app.yaml": merged });
    expect(facts).toMatchObject([{ witness: x64 }, { witness: { vendor: "Example Software" } }]);
  });

  it("keeps the zero of a version that looks like a number", async () => {
    for (const version of ["1.10", "'1.10'", '"1.10"', '"1.1\\u0030"']) {
      const text = installerManifest.replace("'1.10'", version);
      expect((await readAll(winget, checkout(text))).facts[0], version).toMatchObject({
        witness: { version: "1.10" },
      });
    }
  });

  it("reads a folder of manifests that was brought", async () => {
    const folder = buildTar({
      "Example.App.installer.yaml": installerManifest,
      "Example.App.locale.en-US.yaml": localeManifest,
    });
    expect((await readAll(winget, { "1.10.tar": folder })).facts).toMatchObject([{ witness: x64 }, {}]);
    expect(winget.recognises?.("1.10.tar", folder)).toBe(true);
  });

  it("says of when a checkout is", async () => {
    expect(await winget.asOf?.(filesOf(sample), contextWith())).toBe("2026-01-02T03:04:05.000Z");
  });

  it("recognises a checkout and a manifest, and nothing else", () => {
    expect(winget.recognises?.("x", sample["winget-pkgs.tar.gz"] ?? Buffer.alloc(0))).toBe(true);
    expect(winget.recognises?.("x.yaml", Buffer.from(installerManifest))).toBe(true);
    expect(winget.recognises?.("x.yaml", Buffer.from("name: x"))).toBe(false);
  });
});

describe("reading plain YAML", () => {
  it("reads what the full reader reads", () => {
    const full = parse(installerManifest, { schema: "failsafe" });
    const plain = readPlainly(installerManifest);
    for (const name of ["PackageIdentifier", "PackageVersion", "ManifestType"])
      expect(plain?.[name]).toBe(full[name]);
    const pick = ({ Architecture, InstallerUrl, InstallerSha256 }: Record<string, unknown>) => ({
      Architecture,
      InstallerUrl,
      InstallerSha256,
    });
    const installers = (plain?.Installers ?? []) as Record<string, unknown>[];
    expect(installers.map(pick)).toEqual(full.Installers.map(pick));
  });

  it("passes over a text of several lines at the top, whatever stands in it", () => {
    const full = parse(localeManifest, { schema: "failsafe" });
    expect(readPlainly(localeManifest)).toEqual({ ...full, ReleaseNotes: "" });
    for (const text of ["A: |\n  b: c\n\n  # d\nE: f", "A: >-\n  - 'x\nE: f", "A: |+\n\n\nE: f"])
      expect(readPlainly(text)).toEqual({ A: "", E: "f" });
  });

  it.each([
    "A:\n  B: |\n    text",
    "Installers:\n- A: |\n    text",
    "A: |2\n  text",
    "A: | # comment\n  text",
    "A: &x y",
    "A: *x",
    "A: {b: c}",
    "A: [b]",
    "A: b # comment",
    'A: "b\\n"',
    'A: "b\n  c"',
    "A: b: c",
    "A: b\nA: c",
    "Installers:\n- B: 1\n  B: 2",
    "? A\n: b",
    "A:\tb",
    "plain",
    "A: b\n  c",
  ])("leaves %j to the full reader", (text) => {
    expect(readPlainly(text)).toBeUndefined();
  });
});
