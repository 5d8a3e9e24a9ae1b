import { describe, expect, it } from "vitest";
import type { ResourceContent } from "../../formats/pe/section.fixture.ts";
import { alarms, compareImages } from "../executable/compare.fixture.ts";
import { buildImage, codeBytes, denseBytes } from "../executable/image.fixture.ts";
import { resources } from "./index.ts";

const judge = async (
  before: readonly ResourceContent[],
  after: readonly ResourceContent[],
): Promise<string[]> => alarms(await compareImages(resources, { resources: before }, { resources: after }));

const data = (name: number, bytes: Buffer): ResourceContent => ({ type: 10, name, bytes });
const icon = (bytes: Buffer): ResourceContent => ({ type: 3, name: 1, bytes });
const bitmap = (seed: number): Buffer => {
  const bytes = codeBytes(2000, seed);
  bytes.writeUInt32LE(40, 0);
  return bytes;
};
const TEXT = data(1, Buffer.from("settings of the program\r\n".repeat(100)));

describe("resources", () => {
  it("are held when they are a program, or packed, and none was", async () => {
    expect(await judge([TEXT], [TEXT, data(2, buildImage())])).toEqual(["high program-in-resources"]);
    expect(await judge([TEXT], [TEXT, data(2, denseBytes(4096))])).toEqual(["high dense-resource-added"]);
    expect(await judge([TEXT], [data(1, denseBytes(4096))])).toEqual(["high resource-turned-dense"]);
  });

  it("are held when a picture is none any more", async () => {
    expect(await judge([icon(bitmap(1))], [icon(denseBytes(4096))])).toEqual(["high picture-is-none"]);
  });
});

describe("an ordinary update", () => {
  it("may change pictures, texts and data", async () => {
    expect(await judge([icon(bitmap(1)), TEXT], [icon(bitmap(2)), data(1, codeBytes(3000))])).toEqual([]);
  });

  it("may replace packed parts; one more is shown", async () => {
    const before = [data(1, denseBytes(4096, 1))];
    expect(await judge(before, [data(1, denseBytes(5000, 2))])).toEqual([]);
    expect(await judge(before, [...before, data(2, denseBytes(4096, 3))])).toEqual([
      "medium dense-resource-added",
    ]);
  });

  it("may replace a program that it carries", async () => {
    expect(await judge([data(1, buildImage())], [data(1, buildImage({ timestamp: 5 }))])).toEqual([]);
  });
});
