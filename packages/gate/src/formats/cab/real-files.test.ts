/** Cabinets of a firmware service and those that gcab makes, compared with what cabextract unpacks. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { corpusFile, debianPackage, debianProgram, hasApt, NO_APT, NO_CORPUS } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walk } from "../../descent/walk.fixture.ts";
import { runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { openCabinet } from "./cabinet.fixture.ts";

const run = promisify(execFile);
const gcab = {
  package: "gcab",
  program: "gcab",
  needs: ["libgcab-1.0-0", "libglib2.0-0", "libffi8", "libpcre2-8-0", "zlib1g"],
};

/** What cabextract makes of a cabinet, by name. */
async function unpackByCabextract(cabinet: Buffer): Promise<Map<string, Buffer>> {
  const { path, env } = await debianProgram("cabextract", {
    file: "usr/bin/cabextract",
    needs: ["libmspack0"],
  });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-cabextract-"));
  try {
    const tree = join(folder, "tree");
    await mkdir(tree);
    await writeFile(join(folder, "a.cab"), cabinet);
    await run(path, ["-q", "-d", tree, join(folder, "a.cab")], { env });
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    const files = new Map<string, Buffer>();
    for (const entry of entries.filter((found) => found.isFile())) {
      const file = join(entry.parentPath, entry.name);
      files.set(file.slice(tree.length + 1), await readFile(file));
    }
    return files;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function expectUnpackedAlike(cabinet: Buffer): Promise<readonly string[]> {
  const { members, findings } = await openCabinet(cabinet);
  expect(findings).toEqual([]);
  const expected = await unpackByCabextract(cabinet);
  expect([...members.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, bytes] of expected) expect(members.get(name), name).toEqual(bytes);
  return [...expected.keys()].sort();
}

describe.skipIf(!hasApt())(`real cabinets (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each([
    ["fakedevice123.cab", 3],
    ["fakedevice124.cab", 3],
    ["tests/colorhug/colorhug-als-3.0.2.cab", 2],
  ])("unpacks firmware as cabextract does: %s", async (name, count) => {
    const home = join(await debianPackage("fwupd-tests"), "usr/share/installed-tests/fwupd");
    const cabinet = await readFile(join(home, name));
    expect(await expectUnpackedAlike(cabinet)).toHaveLength(count);
    expect((await walk(cabinet)).bad).toEqual([]);
  });

  it.each([
    ["stored", []],
    ["by MSZIP", ["-z"]],
  ])("unpacks what gcab packs as cabextract does: %s", async (_, words) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(gcab, ["-c", ...words, path("a.cab"), ...files.keys()], { cwd: tree });
      const cabinet = await readFile(path("a.cab"));
      expect(await expectUnpackedAlike(cabinet)).toHaveLength(files.size);
      const { members } = await openCabinet(cabinet);
      for (const [name, bytes] of files) expect(members.get(name)).toEqual(bytes);
    });
  });

  const microsofts = ["jsign/mscab/sample1.cab", "jsign/mscab/sample3.cab", "relic/packages/dummy.cab"];
  it.skipIf(corpusFile("jsign/mscab/sample1.cab") === undefined).each(microsofts)(
    `unpacks a signed one as cabextract does: %s (${NO_CORPUS} when skipped)`,
    async (path) => {
      const names = await expectUnpackedAlike(await readFile(corpusFile(path) ?? ""));
      expect(names.length).toBeGreaterThan(0);
    },
  );
});
