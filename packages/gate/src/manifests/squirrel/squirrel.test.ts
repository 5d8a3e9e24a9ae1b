import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { withResources } from "../../formats/pe/section.fixture.ts";
import { buildPeImage, writeZip } from "../../replica/index.ts";

const nuspec = `<?xml version="1.0"?><package><metadata><id>Demo</id><version>1.2.3</version><authors>Example</authors></metadata></package>`;
const release = writeZip([
  { name: "Demo.nuspec", bytes: Buffer.from(nuspec) },
  { name: "lib/net45/Demo.exe", bytes: buildPeImage() },
]);
const NAME = "Demo-1.2.3-full.nupkg";
const sha1 = createHash("sha1").update(release).digest("hex").toUpperCase();

const setup = (list: string | undefined): Buffer =>
  withResources(buildPeImage({ magic: "pe32" }), [
    {
      type: "DATA",
      name: 131,
      bytes: writeZip([
        { name: "Update.exe", bytes: buildPeImage() },
        { name: NAME, bytes: release },
        ...(list === undefined ? [] : [{ name: "RELEASES", bytes: Buffer.from(list) }]),
      ]),
    },
  ]);

const ARCHIVE = "resources/DATA/131/1033";

describe("Squirrel's Setup.exe", () => {
  it.each([
    `\ufeff${sha1} ${NAME} ${release.length}`,
    `${"0".repeat(40)} Demo-1.2.2-full.nupkg 5\r\n${sha1.toLowerCase()} https://example.org/a/${NAME} ${release.length} # 20%\r\n`,
  ])("is opened to the program, and its list compared: %#", async (list) => {
    const { members, bad } = await walk(setup(list));
    expect(bad).toEqual([]);
    expect(members.get(ARCHIVE)).toMatchObject({
      format: "squirrel",
      identity: { product: "Demo", version: "1.2.3" },
    });
    expect(members.get(`${ARCHIVE}/${NAME}`)?.format).toBe("nupkg");
    expect(members.get(`${ARCHIVE}/${NAME}/lib/net45/Demo.exe`)?.format).toBe("pe");
  });

  it.each([`${"0".repeat(40)} ${NAME} ${release.length}`, `${sha1} ${NAME} ${release.length + 1}`])(
    "fails when a package is not the one that is listed: %#",
    async (list) => {
      const { bad } = await walk(setup(list));
      expect(bad).toEqual([
        expect.stringMatching(/^structure fail .*full.nupkg: is not the package that RELEASES names/),
      ]);
    },
  );

  it.each([undefined, "", "noise", `${sha1} ${NAME}`, "\n".repeat(50_000)])(
    "is a plain archive without a list: %#",
    async (list) => {
      const { members, bad } = await walk(setup(list));
      expect(bad).toEqual([]);
      expect(members.get(ARCHIVE)?.format).toBe("zip");
    },
  );
});
