/** Files that lzip writes, compared with what went in. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectRoundTrip, type Packer, realContents } from "../decompressor-programs.fixture.ts";
import { lzip } from "./index.ts";

const PACKERS: [string, Packer][] = [
  [
    "lzip -9",
    {
      package: "lzip",
      file: "usr/bin/lzip.lzip",
      needs: ["libstdc++6", "libgcc-s1"],
      arguments: ["-9", "-c"],
    },
  ],
  [
    "lzip in small members",
    {
      package: "lzip",
      file: "usr/bin/lzip.lzip",
      needs: ["libstdc++6", "libgcc-s1"],
      arguments: ["-0", "-b100000", "-c"],
    },
  ],
];

describe.skipIf(!hasApt())(`files of lzip (${NO_APT} otherwise)`, () => {
  it.each(PACKERS)("reads what %s writes", { timeout: 300_000 }, async (_, packer) => {
    for (const content of await realContents()) await expectRoundTrip(lzip, packer, content);
  });
});
