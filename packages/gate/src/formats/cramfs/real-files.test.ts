/** Images that mkfs.cramfs makes. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { cramfs } from "./index.ts";

describe.skipIf(!hasApt())(`real cramfs images (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([[[]], [["-N", "big"]]])("gives back what was packed: %j", async (words) => {
    await withTree(async ({ tree, files, path }) => {
      const tool = { package: "util-linux", program: "mkfs.cramfs", needs: ["zlib1g"] };
      await runTool(tool, [...words, tree, path("image")]);
      await expectTree(cramfs, path("image"), { files });
    });
  });
});
