import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { writeZip } from "../../replica/zip-archive.ts";
import { takeApart } from "../package.fixture.ts";

const archive = (manifest: string, more: Readonly<Record<string, string>> = {}) =>
  writeZip(
    Object.entries({ "META-INF/MANIFEST.MF": manifest, ...more }).map(([name, text]) => ({
      name,
      bytes: Buffer.from(text),
    })),
  );
const POM = "#Generated\nversion=2.0\ngroupId=com.example\nartifactId=demo\n";

describe("Java archives", () => {
  it("say who they are, in lines that are cut at 72 bytes", async () => {
    const manifest =
      "Manifest-Version: 1.0\r\nImplementation-Title: a very long \r\n title\r\nImplementation-Version: 1.2.3\r\nImplementation-Vendor: Example\r\n\r\nName: x\r\nImplementation-Title: other\r\n";
    const { root, problems } = await takeApart(archive(manifest));
    expect(root).toMatchObject({
      format: "jar",
      identity: { product: "a very long title", version: "1.2.3", company: "Example" },
    });
    expect(problems).toEqual([]);
  });

  it("take Maven's coordinates, and a bundle's name without its directives", async () => {
    const plain = "Manifest-Version: 1.0\n";
    const maven = await takeApart(archive(plain, { "META-INF/maven/com.example/demo/pom.properties": POM }));
    expect(maven.root.identity).toEqual({ product: "demo", version: "2.0", company: "com.example" });
    const bundle = `${plain}Bundle-SymbolicName: com.example.demo;singleton:=true\nBundle-Version: 3.0\n`;
    expect((await takeApart(archive(bundle))).root.identity).toEqual({
      product: "com.example.demo",
      version: "3.0",
    });
  });

  it("say nothing when they were put together from several, or have no names", async () => {
    const several = {
      "META-INF/maven/a/a/pom.properties": POM,
      "META-INF/maven/b/b/pom.properties": POM,
    };
    for (const [manifest, more] of [
      ["Manifest-Version: 1.0\n", several],
      ["noise\n", {}],
      ["", {}],
    ] as const) {
      const { root, problems } = await takeApart(archive(manifest, more));
      expect(root.identity).toBeUndefined();
      expect(problems).toEqual([]);
    }
  });

  it.skipIf(!hasApt())(
    `reads a real one out of a Debian package${hasApt() ? "" : ` (${NO_APT})`}`,
    async () => {
      const home = await debianPackage("libcommons-lang3-java");
      const { root } = await takeApart(await readFile(join(home, "usr/share/java/commons-lang3.jar")));
      expect(root.identity).toMatchObject({ product: "Apache Commons Lang", version: "3.12.0" });
    },
  );
});
