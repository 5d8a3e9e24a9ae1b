/** Discs of Debian packages and of the two makers of discs, compared with what bsdtar reads in them. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import {
  expectTree,
  filesByBsdtar,
  type Place,
  runTool,
  type Tool,
  withTree,
} from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { iso } from "./index.ts";

const genisoimage: Tool = {
  package: "genisoimage",
  program: "genisoimage",
  needs: ["libbz2-1.0", "liblzma5", "libmagic1", "zlib1g"],
};
const xorriso: Tool = {
  package: "xorriso",
  program: "xorriso",
  needs: [
    "libacl1",
    "libburn4",
    "libbz2-1.0",
    "libisoburn1",
    "libisofs6",
    "libjte2",
    "libreadline8",
    "libtinfo6",
    "zlib1g",
  ],
};

const burn = (words: readonly string[], { tree, path }: Place) =>
  runTool(genisoimage, ["-quiet", ...words, "-o", path("disc.iso"), tree]);

describe.skipIf(!hasApt())(`real discs (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["grub-rescue-pc", "usr/lib/grub-rescue/grub-rescue-cdrom.iso", []],
    ["grub-rescue-pc", "usr/lib/grub-rescue/grub-rescue-floppy.img", []],
    ["ipxe", "usr/lib/ipxe/ipxe.iso", []],
    ["memtest86+", "usr/lib/memtest86+/memtest86+x64.iso", ["boot image 1"]],
  ])("reads the disc of %s: %s", async (name, file, hidden) => {
    const disc = await readFile(join(await debianPackage(name), file));
    const { members, findings, code } = await walkContainer(iso, disc);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    const expected = await filesByBsdtar(disc);
    expect(members.map((member) => member.name).sort()).toEqual(
      [...expected.map((one) => one.name), ...hidden].sort(),
    );
    for (const { name: inside, bytes } of expected)
      expect(members.find((member) => member.name === inside)?.bytes.equals(bytes), inside).toBe(true);
  });

  it.each([
    ["Rock Ridge", ["-R"]],
    ["Joliet", ["-J"]],
    ["Rock Ridge and Joliet", ["-R", "-J"]],
    ["all of them and UDF", ["-R", "-J", "-udf"]],
  ])("gives back what was written with %s", async (_, words) => {
    await withTree(async (place) => {
      await burn(words, place);
      await expectTree(iso, place.path("disc.iso"), place);
    });
  });

  it("gives back folders that were moved up, and does not lose them", async () => {
    await withTree(async (place) => {
      const deep = "1/2/3/4/5/6/7/8/9/10/deep.txt";
      await mkdir(join(place.tree, dirname(deep)), { recursive: true });
      await writeFile(join(place.tree, deep), "deep");
      await burn(["-R"], place);
      await expectTree(iso, place.path("disc.iso"), {
        files: new Map([...place.files, [deep, Buffer.from("deep")]]),
      });
    });
  });

  it("gives back what xorriso writes, with a volume for Macs", async () => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(xorriso, [
        "-as",
        "mkisofs",
        "-quiet",
        "-R",
        "-J",
        "-hfsplus",
        "-o",
        path("disc.iso"),
        tree,
      ]);
      await expectTree(iso, path("disc.iso"), { files });
    });
  });

  it("opens the files of a disc whose older tree holds a note only, as discs of Windows do", async () => {
    await withTree(async (place) => {
      await writeFile(join(place.tree, "README.TXT"), "This disc needs a reader of UDF.");
      await burn(["-udf", "-hide", "big.bin", "-hide", "a.txt", "-hide", "docs"], place);
      const { members, findings } = await walkContainer(iso, await readFile(place.path("disc.iso")));
      expect(findings).toEqual([]);
      for (const [name, bytes] of place.files)
        expect(members.find((member) => member.name === name)?.bytes.equals(bytes), name).toBe(true);
    });
  });

  it("reports a file that one of the trees hides", async () => {
    await withTree(async (place) => {
      await burn(["-R", "-J", "-hide-joliet", "a.txt"], place);
      const { findings } = await walkContainer(iso, await readFile(place.path("disc.iso")));
      expect(findings).toMatchObject([
        {
          check: "structure",
          outcome: "fail",
          because: expect.stringMatching(/“a.txt” is not in its Joliet tree/),
        },
      ]);
    });
  });

  it("says that Linux would unpack what zisofs packed", async () => {
    await withTree(async ({ tree, path }) => {
      const zisofs = ["-set_filter_r", "--zisofs", "/", "--"];
      await runTool(xorriso, ["-outdev", path("disc.iso"), "-map", tree, "/", ...zisofs]);
      const { code } = await walkContainer(iso, await readFile(path("disc.iso")));
      expect(code).toBe("artifact.unsupported");
    });
  });
});
