import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { buildZip } from "../../witnesses/zip.fixture.ts";
import { chocolatey } from "./index.ts";
import { downloadsOf } from "./install-script.ts";
import { nuspec, sample, script } from "./sample.fixture.ts";

const hash = "ab".repeat(32);

describe("chocolatey", () => {
  it("reads what a package downloads and what lies in it", async () => {
    const { facts, skipped } = await readAll(chocolatey, sample);
    expect(skipped).toEqual([]);
    const same = { packageId: "app.install", product: "App", vendor: "Example Software", version: "1.2.3" };
    expect(facts.map((fact) => fact.kind === "witness" && fact.witness)).toEqual([
      { ...same, sha256: hash, architecture: "x64", url: "https://software.example/app-1.2.3-x64.exe" },
      {
        ...same,
        sha256: "cd".repeat(32),
        architecture: "x86",
        url: "https://software.example/app-1.2.3-x86.exe",
      },
      { ...same, sha256: createHash("sha256").update("MZ").digest("hex") },
    ]);
  });

  it("keeps the packages of a repository apart", async () => {
    const other = nuspec.replaceAll("app.install", "other").replace("1.2.3", "9");
    const { facts } = await readAll(chocolatey, {
      "r.tar": buildTar({
        "r/a/a.nuspec": nuspec,
        "r/a/tools/chocolateyInstall.ps1": script,
        "r/b/tools/chocolateyInstall.ps1": `$checksum = '${"0f".repeat(32)}'`,
        "r/b/b.nuspec": other,
      }),
    });
    expect(facts).toHaveLength(3);
    expect(facts[2]).toMatchObject({
      witness: { packageId: "other", version: "9", sha256: "0f".repeat(32) },
    });
  });

  it("asks for a package by its name, and for no other address", () => {
    expect(chocolatey.choice?.downloads("7zip.install")).toMatchObject([
      { url: "https://community.chocolatey.org/api/v2/package/7zip.install" },
    ]);
    expect(chocolatey.choice?.downloads("7zip.install/24.8.0")).toMatchObject([
      { url: "https://community.chocolatey.org/api/v2/package/7zip.install/24.8.0" },
    ]);
    for (const name of ["", "../x", "a/b/c", "a?b", "a b", "x".repeat(200)])
      expect(() => chocolatey.choice?.downloads(name), name).toThrowError(/is no name of a package/);
  });

  it("recognises a package by its name and a repository by its scripts", () => {
    expect(chocolatey.recognises?.("a.nupkg", Buffer.alloc(0))).toBe(true);
    expect(chocolatey.recognises?.("a.zip", buildZip({ "tools/chocolateyInstall.ps1": "" }))).toBe(true);
    expect(chocolatey.recognises?.("a.zip", buildZip({ "a.ps1": "" }))).toBe(false);
  });
});

describe("an install script", () => {
  it.each<[string, string, number, string | undefined]>([
    [
      "parameters",
      `Install-ChocolateyPackage -Url 'https://a.example/x' -Checksum "${hash}"`,
      1,
      "https://a.example/x",
    ],
    [
      "variables",
      `$u = 'https://a.example/x'\n$c = '${hash}'\n@{ url = $u; checksum = $c }`,
      1,
      "https://a.example/x",
    ],
    [
      "one file for both",
      `@{ url = 'https://a.example/x'; checksum64 = '${hash}' }`,
      1,
      "https://a.example/x",
    ],
    [
      "several files",
      `url = 'https://a.example/x'\nurl = 'https://a.example/y'\nchecksum = '${hash}'`,
      1,
      undefined,
    ],
    [
      "a variable given twice",
      `$v = '1'\n$v = '2'\nurl = "https://a.example/$v"\nchecksum = '${hash}'`,
      1,
      undefined,
    ],
    ["what is computed", `url = "https://a.example/$(Get-It)"\nchecksum = '${hash}'`, 1, undefined],
    ["an environment's value", `url = $env:URL\nchecksum = '${hash}'`, 1, undefined],
    ["a comment", `# checksum = '${hash}'`, 0, undefined],
    ["a weak digest", `checksum = '${"0".repeat(40)}'`, 0, undefined],
    ["a template", "checksum = '{{Checksum}}'", 0, undefined],
    ["another word", `mychecksum = '${hash}'`, 0, undefined],
  ])("with %s", (_, text, count, url) => {
    const found = downloadsOf(text);
    expect(found).toHaveLength(count);
    expect(found[0]?.url).toBe(url);
  });

  it("is read in no time, whatever it holds", () => {
    for (const text of [
      "$a = '".repeat(100_000),
      "url ".repeat(200_000),
      "$".repeat(500_000),
      " ".repeat(1_000_000),
    ])
      expect(downloadsOf(text)).toEqual([]);
  });
});
