/** Disks that qemu-img makes, compared with what it made them of. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectConvertedDisk } from "../qemu.fixture.ts";
import { qcow } from "./index.ts";

describe.skipIf(!hasApt())(`real QCOW disks (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["compat=0.10", "compat=1.1", "compat=1.1,cluster_size=4096"])(
    "gives back the disk that was converted with %j",
    async (options) => {
      await expectConvertedDisk(qcow, "qcow2", options);
    },
  );
});
