import { hasCode } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPublication } from "./publication.ts";

const MD5 = "a".repeat(32);
const SHA1 = "b".repeat(40);
const SHA256 = "c".repeat(64);
const SHA512 = "d".repeat(128);
const BASE64 = Buffer.from(SHA512, "hex").toString("base64");
const short = (text: string) => readPublication(text).map(({ name, algorithm }) => [name, algorithm]);

const GNU = `${SHA256}  setup.exe\n${SHA256} *x64/setup.msi\n${SHA512}  ./a b.zip\r\n${MD5}  old.exe\n`;
const BSD = `SHA256 (setup (x64).exe) = ${SHA256}\nSHA2-512(setup.msi)= ${SHA512}\nMD5 (old.exe) = ${MD5}\n`;
const WINGET = `# yaml-language-server: $schema=x
PackageIdentifier: Example.App
Installers:
- Architecture: x64
  InstallerUrl: https://example.com/v1/App%20x64.exe?mirror=1
  InstallerSha256: ${SHA256.toUpperCase()}
- Architecture: arm64
  InstallerUrl: https://example.com/v1/App-arm64.exe
  InstallerSha256: ${"1".repeat(64)}
ManifestType: installer
`;
const ELECTRON = `version: 1.2.3
files:
  - url: App-1.2.3.exe
    sha512: ${BASE64}
    size: 1
path: App-1.2.3.exe
sha512: ${BASE64}
`;
const SCOOP = JSON.stringify({
  version: "1",
  architecture: {
    "64bit": { url: "https://example.com/app.exe#/dl.7z", hash: SHA256 },
    "32bit": {
      url: ["https://example.com/a.zip", "https://example.com/b.zip"],
      hash: [`sha512:${SHA512}`, `sha1:${SHA1}`],
    },
  },
});
const LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    "node_modules/a": { resolved: "https://example.com/a/-/a-1.tgz", integrity: `sha512-${BASE64}` },
  },
});
const RELEASES = `\uFEFF${SHA1.toUpperCase()} App-1.0-full.nupkg 1234\n${SHA1} App-1.1-delta.nupkg 99 # 10%\n`;

describe("readPublication", () => {
  it("reads GNU lists: plain, binary, with folders, of several digests", () => {
    expect(short(GNU)).toEqual([
      ["setup.exe", "sha256"],
      ["setup.msi", "sha256"],
      ["a b.zip", "sha512"],
      ["old.exe", "md5"],
    ]);
  });

  it("undoes the escapes of odd names", () => {
    expect(short(`\\${SHA256}  odd\\nname\n`)).toEqual([["odd\nname", "sha256"]]);
  });

  it("reads BSD and OpenSSL lists", () => {
    expect(short(BSD)).toEqual([
      ["setup (x64).exe", "sha256"],
      ["setup.msi", "sha512"],
      ["old.exe", "md5"],
    ]);
  });

  it("does not take a tag at its word when the digest has another length", () => {
    expect(short(`SHA256 (setup.exe) = ${SHA1}`)).toEqual([]);
  });

  it("passes over an OpenPGP frame", () => {
    expect(
      short(`-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${GNU}-----BEGIN PGP SIGNATURE-----\n`),
    ).toHaveLength(4);
  });

  it("reads a file with a single hash, and npm's integrity text", () => {
    for (const text of [`${SHA256}\n`, `sha256:${SHA256}`, `"${SHA256.toUpperCase()}"`])
      expect(readPublication(text)).toEqual([{ name: undefined, algorithm: "sha256", hex: SHA256 }]);
    expect(short(`sha512-${BASE64}\n`)).toEqual([[undefined, "sha512"]]);
    expect(short(`sha1-${Buffer.from(SHA1, "hex").toString("base64")} sha512-${BASE64}?x`)).toHaveLength(2);
  });

  it("reads winget manifests, also hashes of digits alone", () => {
    expect(readPublication(WINGET)).toEqual([
      { name: "App x64.exe", algorithm: "sha256", hex: SHA256 },
      { name: "App-arm64.exe", algorithm: "sha256", hex: "1".repeat(64) },
    ]);
  });

  it("reads electron-updater manifests", () => {
    expect(readPublication(ELECTRON)[0]).toEqual({ name: "App-1.2.3.exe", algorithm: "sha512", hex: SHA512 });
    expect(readPublication(ELECTRON)).toHaveLength(2);
  });

  it("reads Scoop manifests: lists, prefixes, architectures", () => {
    expect(short(SCOOP)).toEqual([
      ["app.exe", "sha256"],
      ["a.zip", "sha512"],
      ["b.zip", "sha1"],
    ]);
  });

  it("reads npm lockfiles and registry answers", () => {
    expect(short(LOCK)).toEqual([["a-1.tgz", "sha512"]]);
    const dist = { integrity: `sha512-${BASE64}`, shasum: SHA1, tarball: "https://example.com/a-1.tgz" };
    expect(short(JSON.stringify({ dist }))).toEqual([
      ["a-1.tgz", "sha512"],
      ["a-1.tgz", "sha1"],
    ]);
  });

  it("reads Squirrel RELEASES", () => {
    expect(short(RELEASES)).toEqual([
      ["App-1.0-full.nupkg", "sha1"],
      ["App-1.1-delta.nupkg", "sha1"],
    ]);
  });

  it("finds nothing in prose, in nothing, and in base64 that is not strict", () => {
    for (const text of ["", "hello\nworld", "<html></html>", `sha512-${BASE64.slice(0, -3)}!==`])
      expect(readPublication(text)).toEqual([]);
  });
});

/** Anything but entries or an artifact error fails the test. */
function survives(text: string): void {
  try {
    readPublication(text);
  } catch (error) {
    if (!hasCode(error, "artifact.malformed", "artifact.over-limit")) throw error;
  }
}

describe("hostile publications", () => {
  const samples = { GNU, BSD, WINGET, ELECTRON, SCOOP, LOCK, RELEASES };

  it.each(Object.entries(samples))(
    "reads %s cut short anywhere, or with any character changed",
    (_, text) => {
      for (let length = 0; length < text.length; length += 3) survives(text.slice(0, length));
      fc.assert(
        fc.property(
          fc.nat(text.length - 1),
          fc.constantFrom("\0", "{", "[", "&", "*", ":", "\\", "\n", "\ud800"),
          (at, by) => {
            survives(text.slice(0, at) + by + text.slice(at + 1));
          },
        ),
        { seed: 5, numRuns: 200 },
      );
    },
  );

  it("refuses aliases and repeated keys instead of following them", () => {
    const bomb = `a: &a [x, x]\nb: &b [*a, *a]\nInstallers: [*b, *b]\nInstallerSha256: ${SHA256}\n`;
    expect(() => readPublication(bomb)).toThrow(/aliases/);
    expect(() => readPublication(`sha512: ${BASE64}\nsha512: x\n`)).toThrow(/twice/);
  });

  it.each([
    ["nested JSON", `{"a":${"[".repeat(2_000_000)}`],
    ["nested objects", `${'{"dependencies":{"a":'.repeat(3_000)}1${"}}".repeat(3_000)}`],
    ["nested YAML", `sha512: ${"[".repeat(200_000)}`],
    [
      "nested YAML blocks",
      `sha512: x\n${Array.from({ length: 800 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")}`,
    ],
    ["many YAML keys", `sha512: x\n${Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join("\n")}`],
    ["many YAML quotes", `sha512: ${'"'.repeat(500_000)}`],
    ["many YAML indicators", `sha512: x\n${"? ".repeat(200_000)}`],
    ["too much YAML", `sha512: x\n${"# \n".repeat(500_000)}`],
    ["one endless line", `${"a".repeat(8_000_000)}`],
    ["endless white space", `${SHA256}${" ".repeat(4_000_000)}x`],
    ["many short lines", "a\n".repeat(4_000_000)],
    ["many brackets", `SHA256 (${") = ".repeat(1_900)}\n`.repeat(500)],
    ["too much", "a".repeat(9_000_000)],
  ])("comes to an end on %s", (_, text) => survives(text));
});
