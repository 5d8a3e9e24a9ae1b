/** Archives that several programs write, and real ones of Debian and Go, compared with what Info-ZIP unpacks. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { debianPackage, debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { runTool, type Tool, withTree } from "../../long-tail/real-image.fixture.ts";
import { goTestFile } from "../decompressor-programs.fixture.ts";
import { readZip } from "./zip.fixture.ts";

const run = promisify(execFile);
const zip: Tool = { package: "zip", program: "zip", needs: ["libbz2-1.0"] };
const sevenZip: Tool = { package: "7zip", program: "7zz", needs: ["libstdc++6", "libgcc-s1"] };

/** Unpacks by Info-ZIP, and expects the same files of ours, one by one. */
async function expectUnpackedAlike(archive: Buffer): Promise<number> {
  const { contents, becauses, codes } = await readZip(archive, { maxHeldBytes: 2 ** 27 });
  expect({ becauses, codes: [...codes] }).toEqual({ becauses: [], codes: [] });
  const { path, env } = await debianProgram("unzip", { file: "usr/bin/unzip", needs: ["libbz2-1.0"] });
  const folder = await mkdtemp(join(tmpdir(), "sallyport-unzip-"));
  try {
    const file = join(folder, "archive.zip");
    const tree = join(folder, "tree");
    await mkdir(tree);
    await writeFile(file, archive);
    const { stdout } = await run(path, ["-Z1", file], { env, maxBuffer: 2 ** 26 });
    const names = stdout.split("\n").filter((name) => name !== "" && !name.endsWith("/"));
    expect([...contents.keys()].sort()).toEqual(names.sort());
    await run(path, ["-qq", "-o", file, "-d", tree], { env: { ...env, LC_ALL: "C.UTF-8" } });
    for (const [name, bytes] of contents)
      expect((await readFile(join(tree, name))).equals(bytes), name).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
  return contents.size;
}

const PACKERS: [string, Tool, string[]][] = [
  ["zip -9", zip, ["-9", "-r", "-q"]],
  ["zip -0", zip, ["-0", "-r", "-q"]],
  ["zip without extra fields", zip, ["-X", "-r", "-q"]],
  ["zip with sizes of eight bytes", zip, ["-fz", "-r", "-q"]],
  ["zip with data descriptors", zip, ["-fd", "-r", "-q"]],
  ["zip by bzip2", zip, ["-Z", "bzip2", "-r", "-q"]],
  ["7zz by bzip2", sevenZip, ["a", "-tzip", "-mm=BZip2", "-bd"]],
  ["7zz", sevenZip, ["a", "-tzip", "-bd"]],
  ["7zz, stored", sevenZip, ["a", "-tzip", "-mx=0", "-bd"]],
];

describe.skipIf(!hasApt())(`real zips (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(PACKERS)("reads what %s writes", async (_, tool, words) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(tool, [...words, path("a.zip"), "."], { cwd: tree });
      expect(await expectUnpackedAlike(await readFile(path("a.zip")))).toBe(files.size);
    });
  });

  it.each([["-mx=1"], ["-mx=9"], ["-mx=9", "-mfb=257"]])(
    "reads what 7zz packs by Deflate64: %s",
    async (...words) => {
      await withTree(async ({ tree, files, path }) => {
        // What comes again is further away than deflate reaches.
        const part = files.get("big.bin")?.subarray(0, 60_000) ?? Buffer.alloc(0);
        await writeFile(join(tree, "again.bin"), Buffer.concat([part, part, part]));
        await runTool(sevenZip, ["a", "-tzip", "-mm=Deflate64", ...words, path("a.zip"), "."], { cwd: tree });
        expect(await expectUnpackedAlike(await readFile(path("a.zip")))).toBe(files.size + 1);
      });
    },
  );

  it.each([[], ["-mx=9"], ["-mx=1"]])(
    "reads what 7zz packs by LZMA, which Info-ZIP cannot %s",
    async (...words) => {
      await withTree(async ({ tree, files, path }) => {
        await runTool(sevenZip, ["a", "-tzip", "-mm=LZMA", ...words, path("a.zip"), "."], { cwd: tree });
        const { contents, becauses, codes } = await readZip(await readFile(path("a.zip")), {
          maxHeldBytes: 2 ** 27,
        });
        expect({ becauses, codes: [...codes] }).toEqual({ becauses: [], codes: [] });
        expect(new Map([...contents].sort())).toEqual(new Map([...files].sort()));
      });
    },
  );

  it.each([
    ["PPMd", sevenZip, ["a", "-tzip", "-mm=PPMd", "-bd"], "artifact.unsupported"],
    ["a password", zip, ["-P", "secret", "-r", "-q"], "artifact.encrypted"],
    ["AES", sevenZip, ["a", "-tzip", "-psecret", "-mem=AES256", "-bd"], "artifact.encrypted"],
  ])("says that it does not open what is packed with %s", async (_, tool, words, code) => {
    await withTree(async ({ tree, files, path }) => {
      await runTool(tool, [...words, path("a.zip"), "."], { cwd: tree });
      const { codes, becauses, contents } = await readZip(await readFile(path("a.zip")));
      expect(becauses).toEqual([]);
      expect(contents.size + codes.size).toBe(files.size);
      expect(codes.get("docs/text.txt")).toBe(code);
    });
  });

  it.each([
    ["python3-pip-whl", "usr/share/python-wheels/pip-23.0.1-py3-none-any.whl", "whl"],
    ["libcommons-lang3-java", "usr/share/java/commons-lang3-3.12.0.jar", "jar"],
  ])("reads an archive of the package %s as unzip does", async (name, path, format) => {
    const archive = await readFile(join(await debianPackage(name), path));
    expect(await expectUnpackedAlike(archive)).toBeGreaterThan(100);
    expect((await readZip(archive, { maxHeldBytes: 2 ** 27 })).format).toBe(format);
  });

  it.each([
    "crc32-not-streamed",
    "dd",
    "go-with-datadesc-sig",
    "test",
    "time-7zip",
    "time-osx",
    "time-win7",
    "time-winrar",
    "time-winzip",
    "unix",
    "utf8-osx",
    "winxp",
    "zip64",
    "zip64-2",
  ])("reads Go's test file %s.zip as unzip does", async (name) => {
    expect(await expectUnpackedAlike(await goTestFile(`archive/zip/testdata/${name}.zip`))).toBeGreaterThan(
      0,
    );
  });

  it.each([
    ["dupdir", "is there twice"],
    ["test-trailing-junk", "has 14 bytes after its end"],
    ["test-baddirsz", "lists 0 members and counts 2"],
    ["readme", "has 1 bytes after its end"],
  ])("reports what readers take differently in Go's test file %s.zip", async (name, because) => {
    expect((await readZip(await goTestFile(`archive/zip/testdata/${name}.zip`))).becauses).toContain(because);
  });
});
