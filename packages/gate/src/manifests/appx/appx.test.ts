import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { bundleManifestOf, manifestOf } from "../../signatures/appx/package.fixture.ts";
import { takeApart } from "../package.fixture.ts";

const packageWith = (text: string, name = "AppxManifest.xml") =>
  writeZip([{ name, bytes: Buffer.from(text) }]);

describe("Windows app packages", () => {
  it("say who they are", async () => {
    expect((await takeApart(packageWith(manifestOf()))).root).toMatchObject({
      format: "appx",
      identity: { product: "Demo", version: "1.2.3.0", company: "Example", architecture: "x64" },
    });
  });

  it("say it by their publisher's certificate when the rest is translated", async () => {
    const text = manifestOf("CN=Somebody")
      .replace(">Example<", ">ms-resource:publisher<")
      .replace("x64", "neutral");
    const { identity } = (await takeApart(packageWith(text))).root;
    expect(identity).toEqual({ product: "Demo", version: "1.2.3.0", company: "CN=Somebody" });
  });

  it("say it in bundles", async () => {
    const bundle = packageWith(bundleManifestOf(""), "AppxMetadata/AppxBundleManifest.xml");
    expect((await takeApart(bundle)).root).toMatchObject({
      format: "appxbundle",
      identity: { product: "Demo", version: "1.2.3.0" },
    });
  });

  it.each([["noise"], [""], ["<Package/>"], [manifestOf().replace('Version="1.2.3.0"', "")]])(
    "say nothing with %j",
    async (text) => {
      const { root, problems } = await takeApart(packageWith(text));
      expect(root.identity).toBeUndefined();
      expect(problems).toEqual([]);
    },
  );

  const CORPUS = [
    ["relic/packages/App1_1.0.3.0_x64.appx", "1.0.3.0"],
    ["jsign/minimal.appxbundle", "2024.506.1311.0"],
    ["jsign/minimal.navx", "1.0.0.0"],
  ] as const;
  const hasCorpus = corpusFile(CORPUS[0][0]) !== undefined;
  it.skipIf(!hasCorpus).each(CORPUS)(
    `reads %s${hasCorpus ? "" : ` (${NO_CORPUS})`}`,
    async (path, version) => {
      const { root } = await takeApart(await readFile(corpusFile(path) ?? ""));
      expect(root.identity).toMatchObject({ version });
    },
  );
});
