/** A container that mkapfs makes. What fills one runs on macOS only, so it holds no files. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { emptyDisk, expectTree, runTool, withTree } from "../../long-tail/real-image.fixture.ts";
import { apfs } from "./index.ts";

describe.skipIf(!hasApt())(`real APFS containers (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it("opens a container with an empty volume", async () => {
    await withTree(async ({ path }) => {
      await emptyDisk(path("disk"), 130 * 1024 * 1024);
      await runTool({ package: "apfsprogs", program: "mkapfs" }, [path("disk")]);
      await expectTree(apfs, path("disk"), { files: new Map() });
    });
  });
});
