import { describe, expect, it } from "vitest";
import { contextWith, filesOf, readAll } from "../../witnesses/read.fixture.ts";
import { buildZip } from "../../witnesses/zip.fixture.ts";
import { winget } from "./index.ts";
import { installerManifest } from "./sample.fixture.ts";
import { buildIndex, buildSourcePackage, type Listed } from "./source-index.fixture.ts";
import { manifestsIn } from "./source-index.ts";

const merged = installerManifest.replace(
  "ManifestType: installer",
  "ManifestType: merged\nPublisher: Example Software\nPackageName: App",
);
const app: Listed = {
  packageId: "Example.App",
  path: "manifests/e/Example/App/1.10/ab12-app.yaml",
  text: merged,
};
const others: Listed[] = Array.from({ length: 3000 }, (_, i) => ({
  packageId: `Other.App${i}`,
  path: `manifests/o/Other/App${i}/${"long".repeat(i === 7 ? 2000 : 1)}.yaml`,
  text: String(i),
}));
const index = buildSourcePackage([...others, app]);
const follow = (name: string, bytes: Buffer) => winget.follow?.(filesOf({ [name]: bytes }), contextWith());

describe("winget's index", () => {
  it("names the manifests of a package that was asked for", async () => {
    expect(winget.choice?.downloads("Example.App")).toMatchObject([
      { name: "Example.App/source.msix", url: "https://cdn.winget.microsoft.com/cache/source.msix" },
    ]);
    expect(await follow("example.app/source.msix", index)).toEqual([
      {
        name: app.path,
        url: `https://cdn.winget.microsoft.com/cache/${app.path}`,
        maxBytes: 1024 * 1024,
      },
    ]);
    await expect(follow("no.such/source.msix", index)).rejects.toMatchObject({
      message: "no.such/source.msix: knows no package no.such",
    });
  });

  it("reads pages of every kind, and rows that need several", async () => {
    const [file] = filesOf({ "source.msix": index });
    if (file === undefined) throw new Error("no file");
    const all = await manifestsIn(file, contextWith(), () => true);
    expect(all).toHaveLength(3001);
    expect(all.map(({ path }) => path)).toEqual([...others, app].map(({ path }) => path));
  });

  it("counts a manifest only when it is the one that the index names", async () => {
    const { facts } = await readAll(winget, { "Example.App/source.msix": index, [app.path]: merged });
    expect(facts).toHaveLength(2);
    expect(facts[0]).toMatchObject({ witness: { packageId: "Example.App", vendor: "Example Software" } });
    const changed = merged.replace("CD".repeat(32), "EF".repeat(32));
    await expect(
      readAll(winget, { "Example.App/source.msix": index, [app.path]: changed }),
    ).rejects.toMatchObject({
      code: "feed.signature",
      message: expect.stringContaining(app.path),
    });
  });

  it("says that it alone is no witness", async () => {
    await expect(readAll(winget, { "source.msix": index })).rejects.toMatchObject({
      message: expect.stringMatching(/the index alone holds no hashes of installers/),
    });
  });

  it("takes only names of packages", () => {
    for (const name of ["", "app", "a/b", "../a.b", "a b.c", "a.b?c", `${"x".repeat(99)}.y`])
      expect(() => winget.choice?.downloads(name), name).toThrowError(/is no name of a package/);
  });
});

describe("winget's index, hostile", () => {
  const small = buildIndex([app, ...others.slice(0, 40)]);
  const ask = (bytes: Buffer) => follow("example.app/source.msix", buildZip({ "Public/index.db": bytes }));

  it("throws or answers, whatever byte is flipped, and never hangs", async () => {
    for (let at = 0; at < small.length; at += 97) {
      const changed = Buffer.from(small);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const result = await ask(changed)?.catch((error: Error) => error);
      if (result instanceof Error)
        expect(result, `${at}`).toMatchObject({ code: expect.stringMatching(/^feed\./) });
    }
  });

  it("throws wherever it is cut off", async () => {
    for (let length = 0; length < small.length; length += 1021)
      await expect(ask(small.subarray(0, length)), String(length)).rejects.toMatchObject({
        code: expect.stringMatching(/^feed\./),
      });
  });

  it("is told apart from an index of another kind, and from none", async () => {
    const other = Buffer.from(small.toString("latin1").replaceAll("manifest", "packages"), "latin1");
    await expect(ask(other)).rejects.toMatchObject({
      message: expect.stringMatching(/another kind of index/),
    });
    await expect(follow("a.b/source.msix", buildZip({ a: "b" }))).rejects.toMatchObject({
      message: expect.stringMatching(/holds no Public\/index\.db/),
    });
  });

  it("refuses paths that leave the repository", async () => {
    const bad = buildSourcePackage([{ ...app, path: "manifests/../../x.yaml" }]);
    await expect(follow("example.app/source.msix", bad)).rejects.toMatchObject({
      message: expect.stringMatching(/leads nowhere/),
    });
  });
});
