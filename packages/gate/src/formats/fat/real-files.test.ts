/** File systems that mkfs.fat makes and mtools fill. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { emptyDisk, expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { fat } from "./index.ts";

const mkfs: Tool = { package: "dosfstools", program: "mkfs.fat" };
const mcopy: Tool = { package: "mtools", program: "mcopy" };

describe.skipIf(!hasApt())(`real FAT file systems (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["12", 4],
    ["16", 16],
    ["32", 48],
  ])("gives back what was copied to FAT%s", async (bits, mebibytes) => {
    await withTree(async ({ tree, files, path }) => {
      await emptyDisk(path("disk"), mebibytes * 1024 * 1024);
      await runTool(mkfs, ["-F", bits, path("disk")]);
      const top = new Set([...files.keys()].map((name) => name.split("/")[0] ?? ""));
      for (const name of top) await runTool(mcopy, ["-s", "-i", path("disk"), name, "::/"], { cwd: tree });
      await expectTree(fat, path("disk"), { files });
    });
  });
});
