/** Images that wimlib makes, with each of its compressors. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { wim } from "./index.ts";

const wimlib: Tool = {
  package: "wimtools",
  program: "wimlib-imagex",
  needs: ["libfuse2", "libicu72", "liblzma5", "libntfs-3g89", "libwim15", "libxml2", "zlib1g"],
};

describe.skipIf(!hasApt())(`real Windows images (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["without compression", ["--compress=none"]],
    ["with XPRESS", ["--compress=XPRESS"]],
    ["with LZX and a table of hashes", ["--compress=LZX", "--check"]],
    ["with LZMS, all files in one block", ["--solid"]],
  ])("gives back what was captured %s", async (_, words) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(wimlib, ["capture", tree, path("image.wim"), "--no-acls", ...words]);
      await expectTree(wim, path("image.wim"), { files });
    });
  });

  it("shows the files of each image when there are two", async () => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(wimlib, ["capture", tree, path("image.wim"), "one", "--no-acls"]);
      await runTool(wimlib, ["append", tree, path("image.wim"), "two", "--no-acls"]);
      const twice = new Map(
        [1, 2].flatMap((image) => [...files].map(([name, bytes]) => [`${image}/${name}`, bytes])),
      );
      await expectTree(wim, path("image.wim"), { files: twice, isOwn: (name) => name === "[1].xml" });
    });
  });
});
