/** Files that zstd and pzstd write, compared with what went in. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../decompressor-programs.fixture.ts";
import { zstd } from "./index.ts";

const NEEDS = ["libgcc-s1", "liblz4-1", "liblzma5", "libstdc++6", "zlib1g"];
const program = (...words: string[]): Packer => ({
  package: "zstd",
  file: "usr/bin/zstd",
  needs: NEEDS,
  arguments: words,
});

const PACKERS: [string, Packer][] = [
  ["zstd -1", program("-1", "-c")],
  ["zstd -19", program("-19", "-c")],
  ["zstd --ultra -22", program("--ultra", "-22", "-c")],
  ["zstd --fast", program("--fast=9", "-c")],
  ["zstd --no-check", program("--no-check", "-c")],
  ["zstd --long", program("--long=27", "-c")],
  ["zstd --adapt, of many blocks", program("-T2", "-B100KB", "-c")],
  [
    "pzstd, with skippable frames",
    { package: "zstd", file: "usr/bin/pzstd", needs: NEEDS, arguments: ["-p", "2", "-c"] },
  ],
];

describe.skipIf(!hasApt())(`files of zstd (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(PACKERS)("reads what %s writes", async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(zstd, packer, content);
  });
});
