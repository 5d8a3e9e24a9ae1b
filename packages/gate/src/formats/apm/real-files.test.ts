/** A disk that parted divides for a Mac. */

import { readFile, writeFile } from "node:fs/promises";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { emptyDisk, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { apm } from "./index.ts";

const parted: Tool = {
  package: "parted",
  program: "parted",
  needs: [
    "libblkid1",
    "libdevmapper1.02.1",
    "libparted2",
    "libreadline8",
    "libtinfo6",
    "libudev1",
    "libuuid1",
  ],
};
const SECTOR_BYTES = 512;

describe.skipIf(!hasApt())(`real disks of Macs (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back each partition, and the free parts between them", async () => {
    await withTree(async ({ files, path }) => {
      await emptyDisk(path("disk"), 2 * 1024 * 1024);
      const words = ["mklabel", "mac", "mkpart", "one", "100s", "799s", "mkpart", "two", "1000s", "2999s"];
      await runTool(parted, ["-s", path("disk"), ...words]);
      const disk = await readFile(path("disk"));
      const data = files.get("big.bin") ?? Buffer.alloc(0);
      data.copy(disk, 100 * SECTOR_BYTES);
      data.copy(disk, 1000 * SECTOR_BYTES);
      await writeFile(path("disk"), disk);
      const { members, findings, code } = await walkContainer(apm, disk);
      expect({ findings, code }).toEqual({ findings: [], code: "" });
      const holding = members.filter(({ bytes }) => bytes.subarray(0, data.length).equals(data));
      expect(holding.map(({ bytes }) => bytes.length)).toEqual([700 * SECTOR_BYTES, 2000 * SECTOR_BYTES]);
    });
  });
});
