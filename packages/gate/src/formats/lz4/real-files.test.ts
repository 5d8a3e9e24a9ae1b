/** Files that lz4 writes, compared with what went in. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../decompressor-programs.fixture.ts";
import { lz4 } from "./index.ts";

const PACKERS: [string, Packer][] = [
  ["lz4 -1", { package: "lz4", file: "usr/bin/lz4", needs: ["liblz4-1"], arguments: ["-1", "-c"] }],
  [
    "lz4 -12 with linked blocks and checksums",
    {
      package: "lz4",
      file: "usr/bin/lz4",
      needs: ["liblz4-1"],
      arguments: ["-q", "-q", "-12", "-BD", "-BX", "-B4", "-c"],
    },
  ],
  [
    "lz4 without a checksum",
    { package: "lz4", file: "usr/bin/lz4", needs: ["liblz4-1"], arguments: ["--no-frame-crc", "-c"] },
  ],
  ["lz4 -l", { package: "lz4", file: "usr/bin/lz4", needs: ["liblz4-1"], arguments: ["-l", "-c"] }],
];

describe.skipIf(!hasApt())(`files of lz4 (${NO_APT} otherwise)`, () => {
  it.each(PACKERS)("reads what %s writes", { timeout: 300_000 }, async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(lz4, packer, content);
  });
});
