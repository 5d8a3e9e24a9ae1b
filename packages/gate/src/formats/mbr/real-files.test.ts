/** Disks that sfdisk divides. */

import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { withTree } from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { sample as fatImage } from "../fat/sample.fixture.ts";
import { mbr } from "./index.ts";

const SECTOR_BYTES = 512;
const NEEDS = ["libblkid1", "libfdisk1", "libreadline8", "libsmartcols1", "libtinfo6", "libuuid1"];

describe.skipIf(!hasApt())(`real divided disks (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back each partition, whatever is in it", async () => {
    await withTree(async ({ files, path }) => {
      await writeFile(path("disk"), Buffer.alloc(4 * 1024 * 1024));
      const { path: program, env } = await debianProgram("fdisk", { file: "sbin/sfdisk", needs: NEEDS });
      const input = "label: dos\nstart=2048, size=128\nstart=3000, size=1000\n";
      execFileSync(program, ["-q", path("disk")], { env, input });
      const disk = await readFile(path("disk"));
      const data = files.get("big.bin") ?? Buffer.alloc(0);
      fatImage().copy(disk, 2048 * SECTOR_BYTES);
      data.copy(disk, 3000 * SECTOR_BYTES);
      const { members, findings, code } = await walkContainer(mbr, disk);
      expect({ findings, code }).toEqual({ findings: [], code: "" });
      const found = members.map(({ bytes }) => bytes);
      expect(found.some((bytes) => bytes.equals(fatImage()))).toBe(true);
      expect(found.some((bytes) => bytes.subarray(0, data.length).equals(data))).toBe(true);
    });
  });
});
