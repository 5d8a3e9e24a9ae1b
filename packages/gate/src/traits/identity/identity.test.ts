import { describe, expect, it } from "vitest";
import type { Identity } from "../../artifact.ts";
import { signedBy } from "../../checks/check.fixture.ts";
import type { SignatureReport } from "../../signatures/scheme.ts";
import { contextOf, portraitOf } from "../trait.fixture.ts";
import type { Pair, PairedBy } from "../trait.ts";
import { identity } from "./index.ts";
import { isNameOf, nameWords } from "./names.ts";

interface Drawn {
  readonly claims?: Identity;
  readonly signatures?: readonly SignatureReport[];
  readonly format?: string;
}

/** Members by path, each as it was and as it is. */
async function compare(
  members: Readonly<Record<string, readonly [Drawn | undefined, Drawn | undefined]>>,
  how: PairedBy = "path",
) {
  const pairs: Pair[] = [];
  for (const [path, [before, after]] of Object.entries(members)) {
    const draw = async (drawn: Drawn | undefined, bytes: string) => {
      if (drawn === undefined) return undefined;
      const { claims = {}, signatures = [], format = "pe" } = drawn;
      return portraitOf([], { path, identity: claims, signatures, format, bytes: Buffer.from(bytes) });
    };
    pairs.push({
      before: await draw(before, `${path} before`),
      after: await draw(after, `${path} after`),
      how: before === undefined ? "added" : after === undefined ? "removed" : how,
    });
  }
  return [...(identity.compareReleases?.(contextOf(pairs)) ?? [])];
}

const claims = {
  product: "Demo Suite",
  company: "Example Software, Inc.",
  version: "1.0",
  originalName: "demo.dll",
  architecture: "x64",
};
const change = (given: Identity, path = "app/demo.dll") =>
  compare({ [path]: [{ claims }, { claims: { ...claims, ...given } }] });

describe("a file that says it is from a company that signs its files", () => {
  const maker = { company: "Big Maker Corporation", originalName: "big.dll" };
  const signed = (name: string) => ({ claims: maker, signatures: [signedBy(name)] });
  const theirs: readonly [Drawn, Drawn] = [signed("Big Maker"), signed("Big Maker")];
  const archive: readonly [Drawn, Drawn] = [{ format: "zip" }, { format: "zip" }];
  const release = { "": archive, "a.dll": theirs, "b.dll": theirs } as const;
  const added = (drawn: Drawn) => compare({ ...release, "version.dll": [undefined, drawn] });

  it("and is not signed by it, is high", async () => {
    for (const drawn of [{ claims: maker }, signed("Somebody")])
      expect(await added(drawn)).toMatchObject([
        { path: "version.dll", rule: "claims-a-maker", risk: "high" },
      ]);
    const other = { claims: { company: "Example" } };
    expect(await compare({ ...release, "c.dll": [other, { claims: maker }] })).toMatchObject([
      { path: "c.dll", rule: "claims-a-maker", risk: "high" },
    ]);
  });

  it("is nothing when it is signed by it, or was no better before", async () => {
    expect(await added(signed("Big Maker"))).toEqual([]);
    expect(await compare({ ...release, "c.dll": [{ claims: maker }, { claims: maker }] })).toEqual([]);
  });

  it("is nothing where that company does not sign all its files, and where it makes the release", async () => {
    const mixed = { ...release, "c.dll": [{ claims: maker }, { claims: maker }] } as const;
    expect(await compare({ ...mixed, "d.dll": [undefined, { claims: maker }] })).toEqual([]);
    expect(await compare({ ...release, "": theirs, "d.dll": [undefined, { claims: maker }] })).toEqual([]);
  });
});

describe("another company", () => {
  const sold = { ...claims, company: "Other Software" };

  it("is medium for the artifact itself, low inside, and info when that company signed it", async () => {
    const pair: readonly [Drawn, Drawn] = [{ claims }, { claims: sold }];
    expect(await compare({ "": pair })).toMatchObject([{ rule: "company-changed", risk: "medium" }]);
    expect(await compare({ "a.dll": pair })).toMatchObject([{ rule: "company-changed", risk: "low" }]);
    const signed = { claims: sold, signatures: [signedBy("Other Software")] };
    expect(await compare({ "": [{ claims }, signed] })).toMatchObject([{ risk: "info" }]);
  });

  it("is not the same one written another way, nor another packer of a package", async () => {
    expect(await change({ company: "Example Software Incorporated" })).toEqual([]);
    const packed = (company: string): Drawn => ({ claims: { company }, format: "deb" });
    expect(await compare({ "": [packed("One Person"), packed("Another")] })).toEqual([]);
  });
});

describe("the name it was built under", () => {
  it("is medium when the file was called after it, and says it is another now", async () => {
    expect(await change({ originalName: "loader.dll" })).toMatchObject([
      { rule: "claims-another-file", risk: "medium" },
    ]);
  });

  it("is info when it never was, or still is, called after it", async () => {
    expect(await change({ originalName: "loader.dll" }, "app/plugin.dll")).toMatchObject([
      { rule: "original-name-changed", risk: "info" },
    ]);
    expect(await change({ originalName: "demo-core.dll" })).toMatchObject([{ risk: "info" }]);
  });

  it("is nothing when only its version is another", async () => {
    const library = (originalName: string): Drawn => ({ claims: { originalName }, format: "elf" });
    expect(await compare({ "usr/lib/libz.so": [library("libz.so.1.2"), library("libz.so.2")] })).toEqual([]);
    const dylib = (originalName: string): Drawn => ({ claims: { originalName }, format: "mach-o" });
    const [old, fresh] = [dylib("/usr/local/lib/libz.1.dylib"), dylib("@rpath/libz.2.dylib")];
    expect(await compare({ "libz.dylib": [old, fresh] })).toEqual([]);
  });
});

it("tells of claims that were lost, another processor, another product and another label", async () => {
  expect(await compare({ "demo.dll": [{ claims }, { claims: { architecture: "x64" } }] })).toMatchObject([
    { rule: "claims-lost", risk: "low" },
  ]);
  expect(await change({ architecture: "arm64" })).toMatchObject([
    { rule: "architecture-changed", risk: "low" },
  ]);
  expect(await change({ product: "Demo Suite 2" })).toEqual([]);
  expect(await change({ product: "Other Suite" })).toMatchObject([{ rule: "product-changed", risk: "info" }]);
  const code = { ...claims, codeDigest: "aa" };
  const [old, fresh] = [{ claims: code }, { claims: { ...code, version: "1.1" } }];
  expect(await compare({ "demo.dll": [old, fresh] })).toMatchObject([{ rule: "relabelled", risk: "info" }]);
});

it("says nothing of an ordinary update, of what went, and of what was only found to be alike", async () => {
  expect(await change({ version: "1.1", buildId: "ff" })).toEqual([]);
  expect(await compare({ "demo.dll": [{ claims }, undefined] })).toEqual([]);
  const other = { claims: { ...claims, company: "Other", originalName: "x.dll", product: "Y" } };
  expect(await compare({ "demo.dll": [{ claims }, other] }, "similarity")).toEqual([]);
});

it("compares names by their words", () => {
  expect(nameWords("libfoo-1.2.so.3")).toBe("libfoo");
  expect(nameWords("Python312.DLL")).toBe("python");
  expect(isNameOf("@rpath/libffmpeg.dylib", "libffmpeg.dylib")).toBe(true);
  expect(isNameOf("payload.exe", "demo.exe")).toBe(false);
  expect(isNameOf("1.2.dll", "demo.dll")).toBe(false);
  expect(nameWords(".dll".repeat(100_000))).toBe("");
});
