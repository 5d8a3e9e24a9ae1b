import { describe, expect, it } from "vitest";
import { readAll } from "../../witnesses/read.fixture.ts";
import { buildTar } from "../../witnesses/tar.fixture.ts";
import { winget } from "./index.ts";
import { installerManifest, sample } from "./sample.fixture.ts";

const among = (text: string | Uint8Array) => ({
  "a.tar": buildTar({ "r/manifests/a.yaml": text, "r/manifests/b.yaml": installerManifest }),
});
const changed = (from: string, to: string) => installerManifest.replace(from, to);

describe("winget, with hostile checkouts", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty manifest", "", '"ManifestType" is missing'],
    ["a list", "- a\n- {b: c}\n", "is no mapping"],
    ["broken YAML", "a: [b\n", "is not YAML"],
    [
      "very many keys",
      Array.from({ length: 20_000 }, (_, at) => `k${at}: &x${at} v`).join("\n"),
      "is missing",
    ],
    ["UTF-16", Buffer.from(`\ufeff${installerManifest}`, "utf16le"), "UTF-16"],
    ["no type", changed("ManifestType", "Type"), '"ManifestType" is missing'],
    ["no identifier", changed("PackageIdentifier", "Id"), '"PackageIdentifier" is missing'],
    ["no version", changed("PackageVersion: '1.10'", "PackageVersion:"), '"PackageVersion" is missing'],
    ["a mapping for a version", changed("'1.10'", "{a: b}"), '"PackageVersion" is no text'],
    ["a short hash", changed("AB".repeat(32), "ABCD"), "is no SHA-256"],
    ["no hash", changed("InstallerSha256", "Sha1"), '"InstallerSha256" is missing'],
    ["the same key twice", `${installerManifest}ManifestType: merged\n`, "is not YAML"],
    [
      "text for installers",
      "ManifestType: installer\nPackageIdentifier: a\nPackageVersion: b\nInstallers: |\n  c\n",
      "is no list",
    ],
    ["NUL", changed("Example.App", '"Example\\0App"'), "NUL"],
    [
      "a bomb of aliases",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`)}]`).join("\n")}\n`,
      "",
    ],
  ])("tells of %s, and reads the others", async (_, text, because) => {
    const { facts, skipped } = await readAll(winget, among(text));
    expect(facts).toHaveLength(2);
    expect(skipped).toMatchObject([
      { file: "a.tar/r/manifests/a.yaml", because: expect.stringContaining(because) },
    ]);
  });

  it("takes names of prototypes for names", async () => {
    const text = "__proto__:\n  ManifestType: installer\nconstructor: a\n";
    expect((await readAll(winget, among(text))).skipped).toHaveLength(1);
  });

  it("throws where it is cut off, and for what is no checkout", async () => {
    const whole = sample["winget-pkgs.tar.gz"] ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 11)
      await expect(readAll(winget, { "a.tar.gz": whole.subarray(0, length) })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
        message: expect.stringContaining("a.tar.gz"),
      });
    for (const bytes of [Buffer.from("garbage"), Buffer.alloc(99, 0xff), buildTar({ "README.md": "#" })])
      await expect(readAll(winget, { "a.tar": bytes })).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("reads long lines and deep nesting in no time", async () => {
    for (const text of [
      `a: ${"b:".repeat(200_000)}`,
      `${" ".repeat(900_000)}a`,
      "[".repeat(5_000),
      "- ".repeat(5_000),
    ])
      expect((await readAll(winget, among(text))).facts).toHaveLength(2);
  }, 60_000);
});
