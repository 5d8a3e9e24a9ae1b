/** File systems that mke2fs makes. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { emptyDisk, expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { ext } from "./index.ts";

const mke2fs: Tool = {
  package: "e2fsprogs",
  program: "mke2fs",
  needs: ["libblkid1", "libcom-err2", "libext2fs2", "libuuid1"],
};

describe.skipIf(!hasApt())(`real file systems of Linux (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["ext2", "ext3", "ext4"])("gives back what was put into %s", async (type) => {
    await withTree(async ({ tree, files, path }) => {
      await emptyDisk(path("disk"), 16 * 1024 * 1024);
      await runTool(mke2fs, ["-q", "-F", "-t", type, "-d", tree, path("disk")]);
      await expectTree(ext, path("disk"), { files, isOwn: (name) => name === "[SYS]/Journal" });
    });
  });
});
