/** Archives that arj makes, with each of its methods. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { arj } from "./index.ts";

describe.skipIf(!hasApt())(`real ARJ archives (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["0", "1", "2", "3", "4"])("gives back what was packed with method %s", async (method) => {
    await withTree(async ({ tree, files, path }) => {
      const words = ["a", "-y", `-m${method}`, path("archive.arj"), ...files.keys()];
      await runTool({ package: "arj", program: "arj" }, words, { cwd: tree });
      await expectTree(arj, path("archive.arj"), { files });
    });
  });
});
