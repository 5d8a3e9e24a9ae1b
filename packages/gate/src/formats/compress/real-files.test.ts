/** Files that ncompress writes, compared with what went in. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../decompressor-programs.fixture.ts";
import { compress } from "./index.ts";

const PACKERS: [string, Packer][] = [
  ["compress", { package: "ncompress", file: "usr/bin/compress", arguments: ["-c"] }],
  ["compress -b 10", { package: "ncompress", file: "usr/bin/compress", arguments: ["-b", "10", "-c"] }],
  ["compress -b 13", { package: "ncompress", file: "usr/bin/compress", arguments: ["-b", "13", "-c"] }],
];

describe.skipIf(!hasApt())(`files of ncompress (${NO_APT} otherwise)`, () => {
  it.each(PACKERS)("reads what %s writes", { timeout: 300_000 }, async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(compress, packer, content);
  });
});
