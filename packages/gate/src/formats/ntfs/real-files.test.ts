/** File systems that mkntfs makes and ntfscp fills. */

import { join } from "node:path";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { emptyDisk, expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { ntfs } from "./index.ts";

const needs = ["libntfs-3g89"];
const mkntfs: Tool = { package: "ntfs-3g", program: "mkntfs", needs };
const ntfscp: Tool = { package: "ntfs-3g", program: "ntfscp", needs };

describe.skipIf(!hasApt())(`real NTFS file systems (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back what was copied to it", async () => {
    await withTree(async ({ tree, files, path }) => {
      await emptyDisk(path("disk"), 8 * 1024 * 1024);
      await runTool(mkntfs, ["-F", "-Q", "-s", "512", "-q", path("disk")]);
      const flat = new Map([...files].map(([name, bytes]) => [name.replaceAll("/", "-"), bytes]));
      for (const name of files.keys())
        await runTool(ntfscp, ["-f", path("disk"), join(tree, name), name.replaceAll("/", "-")]);
      await expectTree(ntfs, path("disk"), { files: flat, isOwn: (name) => name.startsWith("[SYSTEM]/") });
    });
  });
});
