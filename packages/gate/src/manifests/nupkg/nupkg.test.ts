import { readFile } from "node:fs/promises";
import { corpusFile, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { takeApart } from "../package.fixture.ts";

const specification = (metadata: string) =>
  `<?xml version="1.0"?>\n<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>${metadata}</metadata></package>`;
const FULL = "<id>Demo</id><version>1.2.3</version><authors>Example</authors>";

const packageOf = (text: string, name = "Demo.nuspec") =>
  writeZip([
    { name, bytes: Buffer.from(text) },
    { name: "lib/a.txt", bytes: Buffer.from("x") },
  ]);

describe("NuGet packages", () => {
  it("say who they are", async () => {
    const { root, problems } = await takeApart(packageOf(specification(FULL)));
    expect(root).toMatchObject({
      format: "nupkg",
      identity: { product: "Demo", version: "1.2.3", company: "Example" },
    });
    expect(problems).toEqual([]);
  });

  it.each([
    ["no id", specification("<version>1</version>")],
    ["two ids", specification(`<id>a</id>${FULL}`)],
    ["a document type", `<!DOCTYPE x [<!ENTITY a "a">]>${specification(FULL)}`],
    ["noise", "noise"],
    ["nothing", ""],
  ])("say nothing with %s", async (_, text) => {
    const { root, problems } = await takeApart(packageOf(text));
    expect(root.format).toBe("nupkg");
    expect(root.identity).toBeUndefined();
    expect(problems).toEqual([]);
  });

  const real = corpusFile("jsign/nuget/minimal.1.0.0.nupkg");
  it.skipIf(real === undefined)(
    `reads a real one${real === undefined ? ` (${NO_CORPUS})` : ""}`,
    async () => {
      const { root } = await takeApart(await readFile(real ?? ""));
      expect(root.identity).toMatchObject({ product: "minimal", version: "1.0.0" });
    },
  );
});
