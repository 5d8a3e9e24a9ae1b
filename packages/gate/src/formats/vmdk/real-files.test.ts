/** Disks that qemu-img makes, compared with what it made them of. */

import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, it } from "vitest";
import { expectConvertedDisk } from "../qemu.fixture.ts";
import { vmdk } from "./index.ts";

describe.skipIf(!hasApt())(`real VMDK disks (${NO_APT} otherwise)`, { timeout: 300_000 }, () => {
  it.each(["subformat=monolithicSparse"])(
    "gives back the disk that was converted with %j",
    async (options) => {
      await expectConvertedDisk(vmdk, "vmdk", options);
    },
  );
});
