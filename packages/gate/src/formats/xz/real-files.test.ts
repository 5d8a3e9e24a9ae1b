/** Files that XZ Utils and others write, and packages of Debian, compared with what xz and dpkg-deb unpack. */

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { debianArchive, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { ar } from "../ar/index.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import {
  expectRoundTrip,
  expectUnpackedAlike,
  type Packer,
  realContents,
} from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { xz } from "./index.ts";
import { TEXT } from "./xz.fixture.ts";

const program = (...words: string[]): Packer => ({
  package: "xz-utils",
  file: "usr/bin/xz",
  needs: ["liblzma5"],
  arguments: words,
});

const PACKERS: [string, Packer][] = [
  ["xz -0", program("-0", "-c")],
  ["xz -6e", program("-6e", "-c")],
  ["xz in blocks, with their sizes", program("-T2", "--block-size=100000", "-c")],
  ["xz in blocks", program("--block-size=100000", "-c")],
  ["xz without a check", program("--check=none", "-c")],
  ["xz by SHA-256", program("--check=sha256", "-c")],
  ["xz with other properties", program("--lzma2=dict=4KiB,lc=0,lp=4,pb=0", "-c")],
  ["xz with more other properties", program("--lzma2=lc=4,lp=0,pb=4,nice=8", "-c")],
];

const mixture = (): Buffer =>
  Buffer.concat([Buffer.from(TEXT.repeat(40_000)), randomBytes(300_000), Buffer.from(TEXT.repeat(9))]);

describe.skipIf(!hasApt())(`real xz files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(PACKERS)("reads what %s writes", async (_, packer) => {
    for (const content of [...(await realContents()), mixture()]) await expectRoundTrip(xz, packer, content);
  });

  it.each(["base-files", "cpio"])(
    "unpacks the parts of the package %s as xz and dpkg-deb do",
    async (name) => {
      const archive = await debianArchive(name);
      const { members } = await walkContainer(ar, await readFile(archive));
      const packed = members.filter((member) => member.name.endsWith(".xz"));
      expect(packed.map((member) => member.name)).toEqual(["control.tar.xz", "data.tar.xz"]);
      for (const { bytes } of packed) await expectUnpackedAlike(xz, program("-dc"), bytes);
      const tree = { encoding: "buffer", maxBuffer: 2 ** 28 } as const;
      const { stdout } = await promisify(execFile)("dpkg-deb", ["--fsys-tarfile", archive], tree);
      const { members: data } = await walkStream(xz, packed[1]?.bytes ?? Buffer.alloc(0));
      expect(data[0]?.bytes.equals(stdout)).toBe(true);
    },
  );
});
