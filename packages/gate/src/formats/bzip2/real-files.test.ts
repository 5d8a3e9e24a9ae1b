/** Files that several programs write, and real ones of Go's tests, compared with what bzip2 unpacks. */

import { randomBytes } from "node:crypto";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import {
  expectRoundTrip,
  expectUnpackedAlike,
  goTestFile,
  type Packer,
  realContents,
} from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { TEXT } from "./bzip2.fixture.ts";
import { bzip2 } from "./index.ts";

const program = (...words: string[]): Packer => ({
  package: "bzip2",
  file: "bin/bzip2",
  needs: ["libbz2-1.0"],
  arguments: words,
});

const PACKERS: [string, Packer][] = [
  ["bzip2 -1", program("-1", "-c")],
  ["bzip2 -9", program("-9", "-c")],
  ["lbzip2, which writes more selectors", { package: "lbzip2", file: "usr/bin/lbzip2", arguments: ["-c"] }],
  [
    "pbzip2, of one stream for each piece",
    {
      package: "pbzip2",
      file: "usr/bin/pbzip2",
      needs: ["libbz2-1.0", "libstdc++6", "libgcc-s1"],
      arguments: ["-b1", "-c"],
    },
  ],
];

/** Texts of one and of many blocks, noise, and runs of every length. */
function mixture(): Buffer {
  const runs = Array.from({ length: 300 }, (_, at) => String.fromCharCode(97 + (at % 7)).repeat(at));
  return Buffer.concat([Buffer.from(TEXT.repeat(9_000)), randomBytes(300_000), Buffer.from(runs.join(""))]);
}

describe.skipIf(!hasApt())(`real bzip2 files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(PACKERS)("reads what %s writes", async (_, packer) => {
    for (const content of [...(await realContents()), mixture()])
      await expectRoundTrip(bzip2, packer, content);
  });

  it.each([
    "compress/bzip2/testdata/e.txt.bz2",
    "compress/bzip2/testdata/Isaac.Newton-Opticks.txt.bz2",
    "compress/bzip2/testdata/pass-random1.bz2",
    "compress/bzip2/testdata/pass-random2.bz2",
    "compress/bzip2/testdata/pass-sawtooth.bz2",
    "crypto/rsa/testdata/pss-vect.txt.bz2",
    "regexp/testdata/re2-exhaustive.txt.bz2",
  ])("unpacks %s as bzip2 does", async (path) => {
    await expectUnpackedAlike(bzip2, program("-dc"), await goTestFile(path));
  });

  it("refuses what Go refuses", async () => {
    const file = await goTestFile("compress/bzip2/testdata/fail-issue5747.bz2");
    expect((await walkStream(bzip2, file)).code).toBe("artifact.malformed");
  });
});
