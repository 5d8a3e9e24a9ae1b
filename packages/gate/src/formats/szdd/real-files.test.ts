/** Files that mscompress packs; very short ones it packs wrongly, as it finds out itself. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { walkContainer } from "../container-walk.fixture.ts";
import { szdd } from "./index.ts";

describe.skipIf(!hasApt())(`real SZDD files (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["big.bin", "docs/text.txt"])("gives back what was packed: %s", async (name) => {
    await withTree(async ({ tree, files }) => {
      await runTool({ package: "mscompress", program: "mscompress" }, [join(tree, name)]);
      const packed = await readFile(join(tree, `${name}_`));
      const { members, findings, code } = await walkContainer(szdd, packed);
      expect({ findings, code, names: members.map((member) => member.name) }).toEqual({
        findings: [],
        code: "",
        names: ["content"],
      });
      expect(members[0]?.bytes.equals(files.get(name) ?? Buffer.alloc(0))).toBe(true);
    });
  });
});
