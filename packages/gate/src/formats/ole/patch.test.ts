/** Patches and transforms: what is in them, what they are for, and damage. */

import { recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { walkContainer } from "../container-walk.fixture.ts";
import { ole } from "./index.ts";
import { writePatch, writeTransform } from "./patch.fixture.ts";

const identify = (bytes: Buffer) => ole.identify?.(sourceOf(bytes), recordingContext().context);

describe("patches", () => {
  it("lists cabinets and the streams of transforms, and says what they change", async () => {
    const { members, findings, refinedTo, code } = await walkContainer(ole, writePatch());
    expect({ refinedTo, code }).toEqual({ refinedTo: "msp", code: "" });
    const names = members.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["PCW_CAB_Demo", "TargetToNew/!CustomAction", "!MsiPatchMetadata"]),
    );
    expect(members.find(({ name }) => name === "PCW_CAB_Demo")?.bytes.toString("latin1", 0, 4)).toBe("MSCF");
    expect(findings).toMatchObject([
      {
        check: "structure",
        outcome: "pass",
        because: "is a patch for 1 products, with 1 transforms",
        facts: {
          patchCode: "{AAAAAAAA-2222-3333-4444-555555555555}",
          replaced: ["{BBBBBBBB-2222-3333-4444-555555555555}"],
          targets: ["{11111111-2222-3333-4444-555555555555}"],
          transforms: [
            {
              name: "TargetToNew",
              to: "{11111111-2222-3333-4444-555555555555}1.0.1",
              tables: ["CustomAction"],
              customActions: 2,
              actions: [
                { action: "RunIt", type: 34, source: "INSTALLDIR", target: "cmd.exe /c x" },
                { action: "Other", type: null, source: null, target: "changed" },
              ],
            },
          ],
        },
      },
    ]);
  });

  it("says what it is", async () => {
    expect(await identify(writePatch())).toEqual({
      product: "Demo",
      company: "Example Ltd",
      version: "1.0.1",
      originalName: "Demo hotfix 7",
    });
  });

  it("misses a transform that it lists", async () => {
    const { findings } = await walkContainer(ole, writePatch({ transforms: ":TargetToNew;:#TargetToNew" }));
    expect(findings).toMatchObject([
      { check: "opened", outcome: "unknown", because: "its transform #TargetToNew is missing" },
      { check: "structure", outcome: "pass" },
    ]);
  });
});

describe("transforms", () => {
  it("are told from databases, and describe what they change", async () => {
    const bytes = writeTransform();
    const { findings, refinedTo } = await walkContainer(ole, bytes);
    expect(refinedTo).toBe("mst");
    expect(findings).toMatchObject([{ check: "structure", outcome: "pass", facts: { customActions: 2 } }]);
    expect(await identify(bytes)).toEqual({ product: "Demo", company: "Example Ltd", version: "1.0.1" });
  });

  it("do not fail for rows that are laid out in another way", async () => {
    for (const actions of [Buffer.from("0105", "hex"), Buffer.from("01ff0000", "hex"), Buffer.alloc(7, 1)]) {
      const { findings } = await walkContainer(ole, writeTransform(actions));
      expect(findings).toMatchObject([{ outcome: "pass", facts: { customActions: "cannot be read" } }]);
    }
  });
});
