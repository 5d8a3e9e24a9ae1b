import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { debianPackage, hasApt, NO_APT, recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { pe } from "./index.ts";

const SHARED = "two sections share the same bytes of the file";

async function findings(image: Buffer): Promise<readonly (string | undefined)[]> {
  const { context, findings } = recordingContext();
  for await (const _ of pe.open?.(sourceOf(image), context) ?? []);
  return findings.map(({ because }) => because);
}

/** Where the row of a section stands in the table. */
const rowOf = (image: Buffer, name: string): number => image.indexOf(name.padEnd(8, "\0"), 0, "latin1");

describe.skipIf(!hasApt())(`what makensis displaced (skipped when ${NO_APT})`, () => {
  const loader = async (): Promise<Buffer> =>
    await readFile(join(await debianPackage("win32-loader"), "usr/share/win32/win32-loader.exe"));

  it("explains relocations that the table places inside the resources", async () => {
    expect(await findings(await loader())).not.toContain(SHARED);
  });

  it("explains them only when all of their bytes stand in front of the archive", async () => {
    const image = await loader();
    image.writeUInt32LE(image.readUInt32LE(rowOf(image, ".reloc") + 16) - 512, rowOf(image, ".reloc") + 16);
    expect(await findings(image)).toContain(SHARED);
  });

  it("explains no section that runs or stays", async () => {
    for (const characteristics of [0x6200_0020, 0x4000_0040]) {
      const image = await loader();
      image.writeUInt32LE(characteristics, rowOf(image, ".reloc") + 36);
      expect(await findings(image)).toContain(SHARED);
    }
  });

  it("explains nothing where no archive follows", async () => {
    const image = await loader();
    expect(await findings(image.subarray(0, 0x24a00))).toContain(SHARED);
  });

  it("explains nothing that lies in other sections", async () => {
    const image = await loader();
    image.write(".ssrc", rowOf(image, ".rsrc"), "latin1");
    expect(await findings(image)).toContain(SHARED);
  });
});
