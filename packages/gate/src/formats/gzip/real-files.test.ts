/** Files that several programs write, and real ones of Debian and Go, compared with what gzip unpacks. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import {
  expectRoundTrip,
  expectUnpackedAlike,
  goTestFile,
  type Packer,
  realContents,
} from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { gzip } from "./index.ts";

const program = (...words: string[]): Packer => ({ package: "gzip", file: "bin/gzip", arguments: words });
const pigz = (...words: string[]): Packer => ({
  package: "pigz",
  file: "usr/bin/pigz",
  needs: ["zlib1g"],
  arguments: words,
});

const PACKERS: [string, Packer][] = [
  ["gzip -1", program("-1", "-c")],
  ["gzip -9", program("-9", "-c")],
  ["gzip --rsyncable", program("--rsyncable", "-c")],
  ["pigz in independent blocks", pigz("-b", "128", "-i", "-c")],
  ["pigz by zopfli", pigz("-11", "-I", "1", "-c")],
  [
    "bgzip, in many members with a field of their own",
    {
      package: "tabix",
      file: "usr/bin/bgzip",
      needs: ["libhtscodecs2", "libdeflate0", "libbz2-1.0", "liblzma5", "zlib1g"],
      arguments: ["-c"],
    },
  ],
];

describe.skipIf(!hasApt())(`real gzip files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(PACKERS)("reads what %s writes", async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(gzip, packer, content);
  });

  it("unpacks a changelog of Debian as gzip does", async () => {
    const changelog = join(await debianPackage("base-files"), "usr/share/doc/base-files/changelog.gz");
    await expectUnpackedAlike(gzip, program("-dc"), await readFile(changelog));
  });

  it("unpacks the files of Go's tests as gzip does, and takes their names", async () => {
    for (const [path, name] of [
      ["encoding/json/testdata/code.json.gz", "content"],
      ["crypto/ed25519/testdata/sign.input.gz", "sign.input"],
    ] as const) {
      const packed = await goTestFile(path);
      await expectUnpackedAlike(gzip, program("-dc"), packed);
      expect((await walkStream(gzip, packed)).members.map((member) => member.name)).toEqual([name]);
    }
  });
});
