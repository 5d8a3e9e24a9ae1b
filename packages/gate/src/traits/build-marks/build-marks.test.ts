import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { buildImage, type ImageRequest } from "../executable/image.fixture.ts";
import { buildMarks } from "./index.ts";

const judge = async (before: ImageRequest, after: ImageRequest): Promise<string[]> =>
  alarms(await compareImages(buildMarks, before, after));

const guid = (value: number) => Buffer.alloc(16, value);

describe("marks of the build", () => {
  it("are shown when other tools made it", async () => {
    expect(await judge({ linker: [14, 29] }, { linker: [2, 39] })).toEqual(["medium tools-replaced"]);
  });

  it("are shown when it was built on somebody's desk", async () => {
    expect(
      await judge(
        { guid: guid(1), pdbPath: "D:\\agent\\work\\1\\s\\out\\codec.pdb" },
        { guid: guid(2), pdbPath: "C:\\Users\\user\\Desktop\\codec\\codec.pdb" },
      ),
    ).toEqual(["medium built-in-home"]);
  });

  it("are shown when the system no longer guards it", async () => {
    const guarded = (characteristics: number) => {
      const image = buildImage();
      image.writeUInt16LE(characteristics, image.readUInt32LE(0x3c) + 24 + 70);
      return image;
    };
    expect(alarms(await compareImages(buildMarks, guarded(0x4160), guarded(0x4020)))).toEqual([
      "medium protection-dropped",
    ]);
    expect(alarms(await compareImages(buildMarks, guarded(0x4160), guarded(0x0160)))).toEqual([
      "low protection-dropped",
    ]);
    expect(alarms(await compareImages(buildMarks, guarded(0x0140), guarded(0x4160)))).toEqual([]);
  });

  it("are mentioned when the link's id is gone, or its time is older", async () => {
    expect(await judge({ guid: guid(1) }, {})).toEqual(["low link-id-gone"]);
    expect(await judge({ timestamp: 1_700_000_000 }, { timestamp: 1_699_000_000 })).toEqual([
      "low linked-earlier",
    ]);
  });

  it("are silent about newer versions of the same tools, and other folders of the same machines", async () => {
    expect(
      await judge(
        { linker: [14, 29], guid: guid(1), pdbPath: "D:\\a\\1\\s\\out\\codec.pdb", timestamp: 1_700_000_000 },
        { linker: [14, 43], guid: guid(2), pdbPath: "D:\\a\\7\\s\\out\\codec.pdb", timestamp: 1_710_000_000 },
      ),
    ).toEqual([]);
  });

  it("are silent about times that are hashes", async () => {
    expect(await judge({ timestamp: 0xfedc_ba98 }, { timestamp: 0x1234_5678 })).toEqual([]);
  });
});
