import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { buildPeImage } from "../../replica/index.ts";
import { type BundleRequest, buildBundle } from "./bundle.fixture.ts";

const request: BundleRequest = {
  application: { "logo.png": Buffer.from("a picture") },
  payloads: { "setup.exe": buildPeImage({ content: Buffer.from("a prerequisite") }) },
};

describe("hostile WiX bundles", () => {
  it.each<[string, (section: Buffer) => void]>([
    ["another mark", (section) => section.writeUInt32LE(1, 0)],
    ["an unknown version", (section) => section.writeUInt32LE(9, 4)],
    ["containers of an unknown kind", (section) => section.writeUInt32LE(2, 40)],
    ["no containers", (section) => section.writeUInt32LE(0, 44)],
    ["more containers than the section holds", (section) => section.writeUInt32LE(600, 44)],
    ["a container beyond the file", (section) => section.writeUInt32LE(0x7fff_ffff, 52)],
    ["a stub beyond the file", (section) => section.writeUInt32LE(0xffff_fff0, 24)],
    ["a stub inside the stub", (section) => section.writeUInt32LE(0, 24)],
    [
      "a signature that swallows a container",
      (section) => {
        section.writeUInt32LE(section.readUInt32LE(24), 32);
        section.writeUInt32LE(section.readUInt32LE(48) + 100, 36);
      },
    ],
  ])("are no pass: %s", async (_, change) => {
    const { bad } = await walk(buildBundle(request, change));
    expect(bad).not.toEqual([]);
  });

  it("fail when their manifest names what is not there", async () => {
    const manifest = `<BurnManifest><UX><Payload FilePath="x" SourcePath="u7" /></UX></BurnManifest>`;
    expect((await walk(buildBundle({ ...request, manifest }))).bad).toContainEqual(
      expect.stringMatching(/^structure fail overlay: its manifest names 1 files/),
    );
  });

  it("are not opened by a manifest that is no honest XML", async () => {
    for (const manifest of ["", "<BurnManifest>", `<!DOCTYPE a [<!ENTITY b "c">]><BurnManifest/>`, "\0"])
      expect((await walk(buildBundle({ ...request, manifest }))).bad).not.toEqual([]);
  });

  it("show names that climb without letting them climb", async () => {
    const climbing = { "..\\..\\up.txt": Buffer.from("x") };
    const { members, bad } = await walk(buildBundle({ application: {}, payloads: climbing }));
    expect(bad).toEqual([]);
    expect([...members.keys()]).toContain("overlay/(up)/(up)/up.txt");
  });

  it("end in errors or findings wherever they are cut", async () => {
    const bundle = buildBundle(request);
    for (let length = 0; length < bundle.length; length += 211)
      expect((await walk(bundle.subarray(0, length))).members.get("")).toBeDefined();
  });
});
