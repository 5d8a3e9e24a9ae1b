/** Packages of Debian, and packages that dpkg-deb builds in each compression, compared with what dpkg-deb reads. */

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  contentOf,
  corpusFile,
  debianArchive,
  hasApt,
  NO_APT,
  NO_CORPUS,
  recordingContext,
  sourceOf,
} from "@sallyport/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { formats } from "../registry.ts";
import { deb } from "./index.ts";

const run = promisify(execFile);
const large = { encoding: "buffer" as const, maxBuffer: 1024 ** 3 };

describe.skipIf(!hasApt())(`real Debian packages (${NO_APT} otherwise)`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sallyport-deb-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const compare = async (file: string) => {
    const { members, findings, code, identity } = await walkContainer(deb, await readFile(file));
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    const shown = await run("dpkg-deb", ["-f", file, "Package", "Version", "Architecture"]);
    expect(shown.stdout.trim().split("\n")).toEqual([
      `Package: ${identity.product}`,
      `Version: ${identity.version}`,
      `Architecture: ${identity.architecture}`,
    ]);
    const [control, data] = members;
    const expected = await run("dpkg-deb", ["--fsys-tarfile", file], large);
    expect((await unpacked(data?.bytes)).equals(expected.stdout)).toBe(true);
    const expectedControl = await run("dpkg-deb", ["--ctrl-tarfile", file], large);
    expect((await unpacked(control?.bytes)).equals(expectedControl.stdout)).toBe(true);
  };

  it.each(["zlib1g", "hello", "tzdata"])("reads %s as dpkg-deb does", { timeout: 300_000 }, async (name) => {
    await compare(await debianArchive(name));
  });

  it.each(["none", "gzip", "xz", "zstd"])("reads what dpkg-deb builds with %s", async (compression) => {
    const root = join(folder, compression);
    await mkdir(join(root, "DEBIAN"), { recursive: true });
    const control =
      "Package: built\nVersion: 1:2.0\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n";
    await writeFile(join(root, "DEBIAN/control"), control);
    await writeFile(join(root, "DEBIAN/postinst"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    await writeFile(join(root, "a.txt"), "content ".repeat(1000));
    const file = join(folder, `${compression}.deb`);
    await run("dpkg-deb", [`-Z${compression}`, "--root-owner-group", "-b", root, file]);
    await compare(file);
    if (compression !== "gzip") return;
    const older = join(folder, "older.deb");
    await run("dpkg-deb", ["--deb-format=0.939000", "-Zgzip", "--root-owner-group", "-b", root, older]);
    await compare(older);
  });
});

describe("a package of the development data", () => {
  const file = corpusFile("relic/packages/zlib1g_1.2.8.dfsg-5_i386.deb");
  it.skipIf(file === undefined)(`is read without a finding (${NO_CORPUS} otherwise)`, async () => {
    const { findings, code, identity } = await walkContainer(deb, await readFile(file ?? ""));
    expect({ findings, code }).toEqual({ findings: [], code: "" });
    expect(identity).toMatchObject({ product: "zlib1g", version: "1:1.2.8.dfsg-5", architecture: "i386" });
  });
});

/** What a member holds below its compression. */
async function unpacked(bytes: Buffer = Buffer.alloc(0)): Promise<Buffer> {
  const glimpse = { head: bytes.subarray(0, 4096), tail: Buffer.alloc(0), sizeBytes: bytes.length };
  const format = formats.find((candidate) => candidate.recognise(glimpse));
  if (format === undefined || format.id === "tar") return bytes;
  for await (const member of format.openStream?.(sourceOf(bytes).stream(), recordingContext().context) ?? [])
    return contentOf(member);
  return Buffer.alloc(0);
}
