import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { takeApart } from "../package.fixture.ts";
import { writeSquashfs } from "../squashfs.fixture.ts";

const ENTRY =
  "[Desktop Entry]\nName=Demo\nName[de]=Probe\nX-AppImage-Version=2.0\n[Desktop Action a]\nName=Other\n";

describe.skipIf(!hasApt())(`AppImages${hasApt() ? "" : ` (${NO_APT})`}`, () => {
  it("say who they are in their image", async () => {
    const { root, problems } = await takeApart(
      await writeSquashfs({ "demo.desktop": ENTRY, "usr/x.desktop": "x" }),
    );
    expect(root).toMatchObject({ format: "squashfs", identity: { product: "Demo", version: "2.0" } });
    expect(problems).toEqual([]);
  });

  it("say nothing with two entries or none", async () => {
    for (const files of [{ "a.desktop": ENTRY, "b.desktop": ENTRY }, { "a.desktop": "Name=Demo\n" }])
      expect((await takeApart(await writeSquashfs(files))).root.identity).toBeUndefined();
  });
});
