/** Archives that jlha makes, with each of its methods, compared with what bsdtar reads in them. */

import { readFile } from "node:fs/promises";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { expectTree, runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { readByBsdtar } from "../bsdtar.fixture.ts";
import { lzh } from "./index.ts";

describe.skipIf(!hasApt())(`real LZH archives (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["0", "5", "6", "7"])("gives back what was packed with -lh%s-", async (method) => {
    await withTree(async ({ tree, files, path }) => {
      const words = [`ao${method}`, path("archive.lzh"), "a.txt", "big.bin", "docs"];
      await runTool({ package: "jlha-utils", program: "jlha" }, words, { cwd: tree });
      const { members } = await expectTree(lzh, path("archive.lzh"), { files });
      const expected = await readByBsdtar(await readFile(path("archive.lzh")));
      expect(members.map(({ name, bytes }) => [name, bytes.length])).toEqual(
        expected.map(({ name, bytes }) => [name, bytes.length]),
      );
    });
  });
});
