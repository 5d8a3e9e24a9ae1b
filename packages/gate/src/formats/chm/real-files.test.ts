/** Help that Free Pascal's chmcmd compiles. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { chm } from "./index.ts";

describe.skipIf(!hasApt())(`real help files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back the pages that were compiled", async () => {
    await withTree(async ({ tree }) => {
      const pages = new Map(
        [1, 2, 3].map((page) => [
          `page${page}.html`,
          Buffer.from(`<html>${`page ${page} `.repeat(page * 5000)}</html>`),
        ]),
      );
      for (const [name, bytes] of pages) await writeFile(join(tree, name), bytes);
      const lines = [
        "[OPTIONS]",
        "Compiled file=help.chm",
        "Default topic=page1.html",
        "Title=Help",
        "[FILES]",
      ];
      await writeFile(join(tree, "help.hhp"), [...lines, ...pages.keys(), ""].join("\n"));
      await runTool({ package: "fp-utils-3.2.2", program: "chmcmd-3.2.2" }, ["help.hhp"], { cwd: tree });
      // Tables of the format begin with a sign.
      await expectTree(chm, join(tree, "help.chm"), { files: pages, isOwn: (name) => /^[#$_]/.test(name) });
    });
  });
});
