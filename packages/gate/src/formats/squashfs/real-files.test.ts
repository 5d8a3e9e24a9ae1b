/** Images that mksquashfs makes, with each of its compressors. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { buildElf } from "../elf/elf.fixture.ts";
import { elf } from "../elf/index.ts";
import { squashfs } from "./index.ts";

const mksquashfs: Tool = {
  package: "squashfs-tools",
  program: "mksquashfs",
  needs: ["liblz4-1", "liblzma5", "liblzo2-2", "libzstd1", "zlib1g"],
};

describe.skipIf(!hasApt())(`real squashfs images (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["gzip", "xz", "zstd", "lzo"])("gives back what was packed with %s", async (compressor) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(mksquashfs, [tree, path("image"), "-quiet", "-no-progress", "-comp", compressor]);
      await expectTree(squashfs, path("image"), { files });
    });
  });

  it("knows a snap by the file that describes it", async () => {
    await withTree(async ({ tree, path }) => {
      await mkdir(join(tree, "meta"));
      await writeFile(join(tree, "meta/snap.yaml"), "name: demo\n");
      await runTool(mksquashfs, [tree, path("image"), "-quiet", "-no-progress", "-comp", "xz"]);
      expect(await walkContainer(squashfs, await readFile(path("image")))).toMatchObject({
        refinedTo: "snap",
        code: "",
      });
    });
  });

  it("finds the image that an AppImage keeps behind its program", async () => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(mksquashfs, [tree, path("image"), "-quiet", "-no-progress"]);
      const image = await readFile(path("image"));
      const program = buildElf({ wide: true, littleEndian: true });
      program.write("AI\x02", 8, "latin1");
      const { members } = await walkContainer(elf, Buffer.concat([program, image]));
      await writeFile(path("overlay"), members[0]?.bytes ?? "");
      await expectTree(squashfs, path("overlay"), { files });
    });
  });

  it("says by name that LZ4 cannot be opened", async () => {
    await withTree(async ({ tree, path }) => {
      await runTool(mksquashfs, [tree, path("image"), "-quiet", "-no-progress", "-comp", "lz4"]);
      const { code, message } = await walkContainer(squashfs, await readFile(path("image")));
      expect({ code, message }).toEqual({
        code: "artifact.unsupported",
        message: expect.stringMatching(/LZ4/),
      });
    });
  });
});
