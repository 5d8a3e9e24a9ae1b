/** Archives that several programs write, and real ones of Debian, npm and Go, compared with what GNU tar unpacks. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { debianArchive, debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bsdtar } from "../bsdtar.fixture.ts";
import { goTestFile } from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { tar } from "./index.ts";

const run = promisify(execFile);
const gnuTar = () =>
  debianProgram("tar", { file: "bin/tar", needs: ["libacl1", "libselinux1", "libpcre2-8-0"] });

/** Unpacks by GNU tar, and expects the same files of ours, one by one. */
async function expectUnpackedAlike(archive: Buffer): Promise<number> {
  const { members, findings, code } = await walkStream(tar, archive);
  expect({ findings: findings.filter(({ check }) => check === "structure"), code }).toEqual({
    findings: [],
    code: "",
  });
  const files = members.filter(({ linkTarget }) => linkTarget === undefined);
  const { path, env } = await gnuTar();
  const folder = await mkdtemp(join(tmpdir(), "sallyport-untar-"));
  try {
    const file = join(folder, "archive.tar");
    const tree = join(folder, "tree");
    await mkdir(tree);
    await writeFile(file, archive);
    const { stdout } = await run(path, ["-tvf", file], { env, maxBuffer: 2 ** 26 });
    const kinds = stdout.split("\n").map(([kind]) => kind);
    expect(kinds.filter((kind) => kind === "-")).toHaveLength(files.length);
    expect(kinds.filter((kind) => kind === "l" || kind === "h")).toHaveLength(members.length - files.length);
    await run(path, ["-xf", file, "-C", tree, "--no-same-owner", "--no-same-permissions"], { env });
    for (const { name, bytes } of files)
      expect((await readFile(join(tree, name))).equals(bytes), name).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
  return files.length;
}

describe.skipIf(!hasApt())(`real tar archives (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  let folder: string;
  const deep = "deep/".repeat(25);
  const long = `${deep}${"n".repeat(90)}.txt`;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-tar-"));
    await mkdir(join(folder, deep), { recursive: true });
    await writeFile(join(folder, long), "long");
    await writeFile(join(folder, "short.txt"), "short");
    await symlink("short.txt", join(folder, "link"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(["gnu", "oldgnu", "pax", "posix"])("reads what GNU tar writes as %s", async (format) => {
    const { path, env } = await gnuTar();
    const options = { env, encoding: "buffer", maxBuffer: 2 ** 26 } as const;
    const words = ["-c", "-f", "-", `--format=${format}`, "-C", folder, "."];
    const { stdout } = await run(path, words, options);
    const { members, findings, code } = await walkStream(tar, stdout);
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(members.map(({ bytes }) => bytes.toString()).sort()).toEqual(["long", "short", "short.txt"]);
    expect(members.map(({ name }) => name)).toContain(`./${long}`);
    expect(await expectUnpackedAlike(stdout)).toBe(2);
  });

  it.each(["pax", "gnutar"])("reads what bsdtar writes as %s", async (format) => {
    const { path, env } = await bsdtar();
    const options = { env, encoding: "buffer", maxBuffer: 2 ** 26 } as const;
    const { stdout } = await run(path, ["-cf", "-", `--format=${format}`, "-C", folder, "."], options);
    expect(await expectUnpackedAlike(stdout)).toBe(2);
  });

  it.each(["ustar", "v7"])("reads short names as GNU tar writes them in %s", async (format) => {
    const { path, env } = await gnuTar();
    const options = { env, encoding: "buffer" } as const;
    const words = ["-cf", "-", `--format=${format}`, "-C", folder, "short.txt", "link"];
    expect(await expectUnpackedAlike((await run(path, words, options)).stdout)).toBe(1);
  });

  it.each(["base-files", "cpio", "zlib1g-dev"])("reads the files of the package %s", async (name) => {
    const options = { encoding: "buffer", maxBuffer: 2 ** 28 } as const;
    const { stdout } = await run("dpkg-deb", ["--fsys-tarfile", await debianArchive(name)], options);
    expect(await expectUnpackedAlike(stdout)).toBeGreaterThan(3);
  });

  it("reads a package that npm fetches", async () => {
    const home = await mkdtemp(join(tmpdir(), "sallyport-npm-"));
    try {
      await run("npm", ["pack", "semver@7.7.3", "--pack-destination", home, "--silent"], { cwd: home });
      const [file = ""] = await readdir(home);
      const files = await expectUnpackedAlike(gunzipSync(await readFile(join(home, file))));
      expect(files).toBeGreaterThan(40);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it.each(["gnu", "gnu-utf8", "hardlink", "pax", "pax-records", "star", "ustar", "v7", "writer", "xattrs"])(
    "reads Go's test file %s.tar",
    async (name) => {
      expect(await expectUnpackedAlike(await goTestFile(`archive/tar/testdata/${name}.tar`))).toBeGreaterThan(
        0,
      );
    },
  );

  it.each([
    ["gnu-multi-hdrs", "has two long names"],
    ["pax-multi-hdrs", "has two extended headers"],
    ["pax-nul-path", "has a zero byte in its extended path"],
    ["gnu-long-nul", "has bytes behind the end of its long name"],
    ["pax-global-records", "gets its name or size from a header for all members"],
  ])("reports what readers take differently in Go's test file %s.tar", async (name, because) => {
    const { findings } = await walkStream(tar, await goTestFile(`archive/tar/testdata/${name}.tar`));
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "structure", outcome: "fail", because }),
    );
  });

  it.each(["neg-size", "issue11169", "pax-bad-hdr-file", "pax-pos-size-file"])(
    "does not claim to have opened Go's test file %s.tar",
    async (name) => {
      const { code } = await walkStream(tar, await goTestFile(`archive/tar/testdata/${name}.tar`));
      expect(code).toMatch(/^artifact\.(?:malformed|truncated|unsupported|over-limit)$/);
    },
  );
});
