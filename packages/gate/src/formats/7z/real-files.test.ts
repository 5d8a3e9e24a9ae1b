/** Archives that Debian's 7-Zip makes, with its methods and filters, compared with what bsdtar reads in them. */

import { readFile } from "node:fs/promises";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { expectTree, runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { readByBsdtar } from "../bsdtar.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { sevenZip } from "./index.ts";

const tool: Tool = { package: "7zip", program: "7zz" };

describe.skipIf(!hasApt())(`real 7z archives (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["LZMA2", ["-m0=lzma2"]],
    ["LZMA", ["-m0=lzma"]],
    ["PPMd", ["-m0=ppmd"]],
    ["BZip2", ["-m0=bzip2"]],
    ["Deflate64", ["-m0=deflate64"]],
    ["BCJ2 before it", ["-mf=bcj2"]],
    ["ARM64 before it", ["-mf=arm64"]],
    ["no solid blocks", ["-ms=off"]],
  ])("gives back what was packed with %s", async (_, words) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(tool, ["a", ...words, path("archive.7z"), "."], { cwd: tree });
      await expectTree(sevenZip, path("archive.7z"), { files });
    });
  });

  it("sees what bsdtar sees", async () => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(tool, ["a", path("archive.7z"), "."], { cwd: tree });
      const { members } = await expectTree(sevenZip, path("archive.7z"), { files });
      const expected = await readByBsdtar(await readFile(path("archive.7z")));
      expect(members.map(({ name, bytes }) => [name, bytes.toString("hex")])).toEqual(
        expected.map(({ name, bytes }) => [name, bytes.toString("hex")]),
      );
    });
  });

  it("says that it is encrypted, whether the names are or not", async () => {
    await withTree(async ({ tree, path }) => {
      await runTool(tool, ["a", "-psecret", "-mhe=on", path("names.7z"), "."], { cwd: tree });
      const names = await walkContainer(sevenZip, await readFile(path("names.7z")));
      expect(names).toMatchObject({
        code: "artifact.unsupported",
        message: "the list of its files is encrypted",
      });
      await runTool(tool, ["a", "-psecret", path("files.7z"), "."], { cwd: tree });
      const files = await walkContainer(sevenZip, await readFile(path("files.7z")));
      expect(files).toMatchObject({ code: "artifact.unsupported", message: "it is encrypted" });
    });
  });
});
