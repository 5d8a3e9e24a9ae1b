import { describe, expect, it } from "vitest";
import type { Identity } from "../../artifact.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Pair } from "../trait.ts";
import { agree, compareVersions, readVersion } from "./compare-versions.ts";
import { version } from "./index.ts";

interface File {
  readonly identity?: Identity;
  readonly text?: string;
  readonly format?: string;
}
type Files = Readonly<Record<string, File>>;

async function compare(before: Files, after: Files): Promise<string[]> {
  const draw = (path: string, { identity, text = "", format = "data" }: File) =>
    portraitOf([version], {
      path,
      format,
      ...(identity && { identity }),
      bytes: Buffer.from(text || JSON.stringify([path, identity])),
    });
  const pairs: Pair[] = [];
  for (const path of Object.keys(after))
    pairs.push({
      before: before[path] && (await draw(path, before[path])),
      after: await draw(path, after[path] ?? {}),
      how: "path",
    });
  const found = version.compareReleases?.(contextOf(pairs)) ?? [];
  return [...found].map(({ rule, risk, path }) => `${risk} ${rule} ${path}`.trim());
}
const npm = (number: string): File => ({ format: "npm", identity: { product: "demo", version: number } });
const exe = (number: string): File => ({ format: "pe", identity: { product: "Demo", version: number } });

describe("the release's own version", () => {
  it("may go forward", async () => {
    expect(
      await compare({ "": npm("1.0.0"), a: { text: "1" } }, { "": npm("1.1.0"), a: { text: "2" } }),
    ).toEqual([]);
    expect(await compare({ "": npm("2.0.0-rc.1") }, { "": npm("2.0.0") })).toEqual([]);
  });

  it("is held when other content came under it, in a registry's package", async () => {
    expect(
      await compare({ "": npm("1.0.0"), a: { text: "1" } }, { "": npm("1.0.0"), a: { text: "2" } }),
    ).toEqual(["high released-again"]);
    expect(await compare({ "": exe("1.0"), a: { text: "1" } }, { "": exe("1.0"), a: { text: "2" } })).toEqual(
      ["medium released-again"],
    );
  });

  it("is left alone when only the packing differs, or the processor", async () => {
    const packed = (text: string): File => ({ format: "tar", text });
    expect(
      await compare(
        { "": npm("1.0.0"), tar: packed("1"), a: { text: "1" } },
        { "": npm("1.0.0"), tar: packed("2"), a: { text: "1" } },
      ),
    ).toEqual([]);
    const arm = { format: "deb", identity: { product: "demo", version: "1", architecture: "arm64" } };
    const x64 = { format: "deb", identity: { product: "demo", version: "1", architecture: "amd64" } };
    expect(await compare({ "": arm, a: { text: "1" } }, { "": x64, a: { text: "2" } })).toEqual([]);
  });

  it("is left alone when it was only signed later", async () => {
    const msi: File = { format: "msi", identity: { product: "Demo", version: "1.0.0" } };
    const files: Files = { "": msi, "!Property": { text: "1" } };
    const signed: Files = {
      ...files,
      "[5]DigitalSignature": { text: "2" },
      "[5]MsiDigitalSignatureEx": { text: "3" },
    };
    expect(await compare(files, signed)).toEqual([]);
    expect(await compare(files, { ...signed, "!Property": { text: "4" } })).toEqual(["high released-again"]);
  });

  it("is shown when it goes back", async () => {
    expect(await compare({ "": npm("1.1.0") }, { "": npm("1.0.9") })).toEqual(["medium downgrade"]);
  });
});

describe("the parts", () => {
  it("are held when the product's own program went back under a newer version", async () => {
    expect(
      await compare(
        { "": npm("1.2.0"), "demo.exe": exe("1.2.0.0") },
        { "": npm("1.3.0"), "demo.exe": exe("1.1.0.0") },
      ),
    ).toEqual(["high content-older demo.exe"]);
  });

  it("are shown when a foreign library went back", async () => {
    expect(
      await compare({ "": npm("1.2.0"), "x.dll": exe("6.3.9") }, { "": npm("1.3.0"), "x.dll": exe("6.3.1") }),
    ).toEqual(["medium part-older x.dll"]);
  });

  it("go back with the release they are in", async () => {
    const old: Files = { "": npm("1.3.0"), content: npm("1.3.0"), "x.dll": exe("6.3.9") };
    const older: Files = { "": npm("1.2.0"), content: npm("1.2.0"), "x.dll": exe("6.3.1") };
    expect(await compare(old, older)).toEqual(["medium downgrade", "info part-older x.dll"]);
  });

  it("are held when a script states an older version than the release it is in", async () => {
    const text = (number: string) => ({
      text: `exports.VERSION = '${number}';\nvar other = { version: "0.1.0" };\n`,
    });
    const files = (claimed: string, stated: string): Files => ({
      "": npm(claimed),
      "index.js": text(stated),
    });
    expect(await compare(files("1.2.0", "1.2.0"), files("1.3.0", "1.1.0"))).toEqual([
      "high content-older index.js",
    ]);
    expect(await compare(files("1.2.0", "1.2.0"), files("1.3.0", "1.3.0"))).toEqual([]);
    expect(await compare(files("1.2.0", "1.2.0"), files("1.3.0", "1.2.0"))).toEqual([]);
    expect(await compare(files("1.2.0", "0.9.0"), files("1.3.0", "0.8.0"))).toEqual([]);
  });

  it("say nothing by builds that are counted differently, or the same bytes", async () => {
    expect(
      await compare(
        { "": npm("1.2.0"), "x.dll": exe("20240101.5") },
        { "": npm("1.3.0"), "x.dll": exe("6.3.1") },
      ),
    ).toEqual([]);
    expect(
      await compare({ "": npm("1.2.0"), "x.dll": exe("6.3.1") }, { "": npm("1.3.0"), "x.dll": exe("6.3.1") }),
    ).toEqual([]);
  });
});

describe("compareVersions", () => {
  it.each([
    ["1.0", "1.1"],
    ["1.9", "1.10"],
    ["1.0.0-rc.1", "1.0.0"],
    ["1.0.0-alpha", "1.0.0-beta"],
    ["1.0.dev3", "1.0"],
    ["1.0~rc1", "1.0"],
    ["2.0", "1:1.0"],
    ["1.2.13.dfsg-1", "1.2.13.dfsg-2"],
    ["1.1.1n-0+deb11u5", "1.1.1w-0+deb11u1"],
    ["007", "8"],
  ])("puts %s before %s", (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(newer, newer)).toBe(0);
  });

  it("is done with any text", () => {
    for (const text of ["1".repeat(100_000), "1.".repeat(50_000), `1${"-".repeat(100_000)}`])
      expect(compareVersions(readVersion(text) ?? "", readVersion(`${text}2`) ?? "")).toBe(0);
  });
});

it("reads versions as people write them", () => {
  expect(["v1.2.3", "1, 2, 3, 4", "10.0.1 (build 5)", "2.0.", "x", undefined].map(readVersion)).toEqual([
    "1.2.3",
    "1.2.3.4",
    "10.0.1",
    "2.0",
    undefined,
    undefined,
  ]);
  expect([agree("1.2.3", "1.2.3.0"), agree("1:1.2-3", "1.2"), agree("1", "1"), agree("1.2", "1.20")]).toEqual(
    [true, true, false, false],
  );
});
