/** Disks that qemu-img makes, compared with what it made them of. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectConvertedDisk } from "../qemu.fixture.ts";
import { vhdx } from "./index.ts";

describe.skipIf(!hasApt())(`real VHDX disks (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["subformat=dynamic", "subformat=fixed"])(
    "gives back the disk that was converted with %j",
    async (options) => {
      await expectConvertedDisk(vhdx, "vhdx", options);
    },
  );
});
