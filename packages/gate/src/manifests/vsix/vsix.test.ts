import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { takeApart } from "../package.fixture.ts";

const extension = (text: string) =>
  writeZip([
    { name: "extension.vsixmanifest", bytes: Buffer.from(text) },
    { name: "a.txt", bytes: Buffer.from("x") },
  ]);

const SECOND = `<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011"><Metadata><Identity Language="en-US" Id="demo" Version="1.2.3" Publisher="example"/></Metadata></PackageManifest>`;
const FIRST = `<Vsix Version="1.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2010"><Identifier Id="demo"><Name>Demo</Name><Author>example</Author><Version>1.2.3</Version></Identifier></Vsix>`;

describe("Visual Studio extensions", () => {
  it.each([
    ["2.0", SECOND],
    ["1.0", FIRST],
  ])("of schema %s say who they are", async (_, text) => {
    const { root, problems } = await takeApart(extension(text));
    expect(root).toMatchObject({
      format: "vsix",
      identity: { product: "demo", version: "1.2.3", company: "example" },
    });
    expect(problems).toEqual([]);
  });

  it.each([["noise"], [""], ["<PackageManifest/>"], [SECOND.replace('Version="1.2.3"', "")]])(
    "say nothing with %j",
    async (text) => {
      const { root, problems } = await takeApart(extension(text));
      expect(root.identity).toBeUndefined();
      expect(problems).toEqual([]);
    },
  );

  const real = corpusFile("relic/packages/VSIXProject1.vsix");
  it.skipIf(real === undefined)(
    `reads a real one${real === undefined ? ` (${NO_CORPUS})` : ""}`,
    async () => {
      const { root } = await takeApart(await readFile(real ?? ""));
      expect(root.identity).toMatchObject({ version: "1.0", company: "Company" });
    },
  );
});
