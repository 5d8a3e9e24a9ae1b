import { readFile } from "node:fs/promises";
import { contentOf, corpusFile, NO_CORPUS, npmFile } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { identify, open } from "./reading.fixture.ts";

describe("real Mach-O files", () => {
  const fat = corpusFile("relic/packages/fatfile.app/Contents/MacOS/dummy");
  it.skipIf(fat === undefined)(`opens both slices of a signed program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(fat ?? "");
    const { members, findings } = await open(bytes);
    expect(findings).toEqual([]);
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
    for (const member of members) {
      const slice = await contentOf(member);
      expect(await open(slice)).toEqual({ members: [], findings: [] });
    }
    expect(await identify(bytes)).toEqual({ architecture: "x64+arm64" });
  });

  const slim = corpusFile("relic/packages/slimfile.app/dummyapp");
  it.skipIf(slim === undefined)(`opens an unsigned program (${NO_CORPUS} otherwise)`, async () => {
    const bytes = await readFile(slim ?? "");
    expect(await open(bytes)).toEqual({ members: [], findings: [] });
    expect(await identify(bytes)).toEqual({
      architecture: "arm64",
      buildId: "f58b6f5f63d1383eb8e1afc8f733bd58",
    });
  });

  it("opens bun, behind whose signature an older one left its hashes", async () => {
    const file = await npmFile({
      package: "@oven/bun-darwin-aarch64",
      version: "1.4.5",
      integrity:
        "sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==",
      path: "bin/bun",
    });
    expect(await open(await readFile(file))).toEqual({ members: [], findings: [] });
  }, 300_000);

  it("opens a universal add-on from the registry", async () => {
    const file = await npmFile({
      package: "fsevents",
      version: "2.3.3",
      integrity:
        "sha512-5xoDfX+fL7faATnagmWPpbFtwh/R77WmMMqqHGS65C3vvB0YHrgF+B1YmZ3441tMj5n63k0212XNoJwzlhffQw==",
      path: "fsevents.node",
    });
    const { members, findings } = await open(await readFile(file));
    expect(findings).toEqual([]);
    for (const member of members)
      expect(await open(await contentOf(member))).toEqual({ members: [], findings: [] });
    expect(members.map(({ name }) => name)).toEqual(["x86_64", "arm64"]);
  });
});
