/** Pieces packed by xz, as Apple's tools cut them. No program of Debian writes pbzx itself. */

import { spawnSync } from "node:child_process";
import { debianProgram, hasApt, NO_APT } from "@sallyport/testkit";
import { expect, it } from "vitest";
import { realContents } from "../decompressor-programs.fixture.ts";
import { walkStream } from "../stream-walk.fixture.ts";
import { pbzx } from "./index.ts";
import { buildPbzx } from "./pbzx.fixture.ts";

const FULL_BYTES = 1024 * 1024;

it.skipIf(!hasApt())(
  `reads pieces that xz packed (${NO_APT} otherwise)`,
  async () => {
    const { path, env } = await debianProgram("xz-utils", { file: "usr/bin/xz", needs: ["liblzma5"] });
    for (const content of await realContents()) {
      const count = Math.ceil(content.length / FULL_BYTES);
      const pieces = Array.from({ length: count }, (_, index) => {
        const piece = content.subarray(index * FULL_BYTES, (index + 1) * FULL_BYTES);
        const packed = spawnSync(path, ["-c"], { input: piece, env, maxBuffer: 1024 ** 3 }).stdout;
        return { packed, sizeBytes: piece.length };
      });
      const { members, findings, code } = await walkStream(pbzx, buildPbzx(FULL_BYTES, pieces));
      expect({ findings, code }).toEqual({ findings: [], code: "" });
      expect(members[0]?.bytes.equals(content)).toBe(true);
    }
  },
  300_000,
);
