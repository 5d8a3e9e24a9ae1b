/** Files that xz-utils and the LZMA SDK writes, compared with what went in. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../decompressor-programs.fixture.ts";
import { lzma } from "./index.ts";

const PACKERS: [string, Packer][] = [
  [
    "xz --format=lzma",
    { package: "xz-utils", file: "usr/bin/xz", needs: ["liblzma5"], arguments: ["--format=lzma", "-c"] },
  ],
  [
    "xz with other properties",
    {
      package: "xz-utils",
      file: "usr/bin/xz",
      needs: ["liblzma5"],
      arguments: ["--format=lzma", "--lzma1=lc=0,lp=4,pb=0,dict=64KiB", "-c"],
    },
  ],
  [
    "lzmp",
    { package: "lzma", file: "usr/bin/lzmp", needs: ["libstdc++6", "libgcc-s1"], arguments: ["-9", "-c"] },
  ],
];

describe.skipIf(!hasApt())(`files of xz-utils and the LZMA SDK (${NO_APT} otherwise)`, () => {
  it.each(PACKERS)("reads what %s writes", { timeout: 300_000 }, async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(lzma, packer, content);
  });
});
