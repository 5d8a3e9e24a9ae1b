/** Images that img2simg makes sparse. */

import { writeFile } from "node:fs/promises";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { androidSparse } from "./index.ts";

const img2simg: Tool = {
  package: "android-sdk-libsparse-utils",
  program: "img2simg",
  needs: ["android-libbase", "android-liblog", "android-libsparse", "zlib1g"],
  libraryFolder: "android",
};

describe.skipIf(!hasApt())(`real sparse images (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back the image that was made sparse", async () => {
    await withTree(async ({ files, path }) => {
      const image = Buffer.alloc(2 * 1024 * 1024);
      files.get("big.bin")?.copy(image, 4096);
      image.fill("filled  ", 1_000_000, 1_400_000);
      await writeFile(path("image"), image);
      await runTool(img2simg, [path("image"), path("sparse")]);
      await expectTree(androidSparse, path("sparse"), { files: new Map([["disk", image]]) });
    });
  });
});
