/** The HFS+ volume that xorriso writes beside a disc's own tree. */

import { readFile, writeFile } from "node:fs/promises";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { hfs } from "./index.ts";

const xorriso: Tool = {
  package: "xorriso",
  program: "xorriso",
  needs: [
    "libacl1",
    "libburn4",
    "libbz2-1.0",
    "libisoburn1",
    "libisofs6",
    "libjte2",
    "libreadline8",
    "libtinfo6",
    "zlib1g",
  ],
};

describe.skipIf(!hasApt())(`real HFS+ volumes (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("gives back what was written to it", async () => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(xorriso, ["-as", "mkisofs", "-quiet", "-hfsplus", "-o", path("disc.iso"), tree]);
      const disc = await readFile(path("disc.iso"));
      // The volume's header, version 4, stands 1024 bytes behind its start.
      const start = disc.indexOf(Buffer.from("H+\0\x04", "latin1")) - 1024;
      await writeFile(path("volume"), disc.subarray(start));
      const named = new Map([...files].map(([name, bytes]) => [`ISOIMAGE/${name}`, bytes]));
      await expectTree(hfs, path("volume"), { files: named });
    });
  });
});
