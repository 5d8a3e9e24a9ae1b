import { describe, expect, it } from "vitest";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { buildImage, denseBytes } from "../executable/image.fixture.ts";
import { overlay } from "./index.ts";

const ZIP = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), denseBytes(4000, 4)]);

const judge = async (before: Buffer | undefined, after: Buffer, isLibrary = false): Promise<string[]> => {
  const request = { isLibrary, ...(before !== undefined && { overlay: before }) };
  return alarms(await compareImages(overlay, request, { isLibrary, overlay: after }));
};

describe("bytes behind an image that had none", () => {
  it("are held when they are a program, packed, or an archive behind a library", async () => {
    expect(await judge(undefined, buildImage())).toEqual(["high overlay-added"]);
    expect(await judge(undefined, denseBytes(4096))).toEqual(["high overlay-added"]);
    expect(await judge(undefined, ZIP, true)).toEqual(["high overlay-added"]);
  });

  it("are shown when they are of no known kind, or a program becomes an installer", async () => {
    expect(await judge(undefined, Buffer.from([0x90, 0x10, 0x20, 0x05, 1, 2, 3, 4, 5]))).toEqual([
      "medium overlay-added",
    ]);
    expect(await judge(undefined, ZIP)).toEqual(["medium overlay-added"]);
  });

  it("are silent when they are zeros", async () => {
    expect(await judge(undefined, Buffer.alloc(512))).toEqual([]);
  });
});

describe("bytes behind an image that had some", () => {
  it("are silent when an installer's archive is another one", async () => {
    expect(await judge(ZIP, Buffer.concat([ZIP, denseBytes(8000, 5)]))).toEqual([]);
  });

  it("are held when they turn into something packed or a program", async () => {
    expect(await judge(Buffer.from("settings = 1\r\n".repeat(20)), denseBytes(4096))).toEqual([
      "high overlay-changed-kind",
    ]);
    expect(await judge(ZIP, buildImage())).toEqual(["high overlay-changed-kind"]);
  });
});
