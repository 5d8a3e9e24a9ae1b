import { hasApt, NO_APT } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { takeApart } from "../package.fixture.ts";
import { writeSquashfs } from "../squashfs.fixture.ts";

describe.skipIf(!hasApt())(`snaps${hasApt() ? "" : ` (${NO_APT})`}`, () => {
  it("say who they are", async () => {
    const text = 'name: demo\nversion: "1.2.3"\narchitectures:\n- amd64\napps:\n  demo:\n    command: x\n';
    const { root, problems } = await takeApart(await writeSquashfs({ "meta/snap.yaml": text }));
    expect(root).toMatchObject({
      format: "snap",
      identity: { product: "demo", version: "1.2.3", architecture: "amd64" },
    });
    expect(problems).toEqual([]);
  });

  it("say nothing in noise", async () => {
    const { root } = await takeApart(await writeSquashfs({ "meta/snap.yaml": "noise" }));
    expect(root.identity).toBeUndefined();
  });
});
