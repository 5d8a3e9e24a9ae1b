import { hasCode } from "@sallyport/core";
import { recordingContext, sourceOf } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { buildPeImage, writeZip } from "../../replica/index.ts";
import { readPeHeaders } from "./headers.ts";
import { pe } from "./index.ts";
import { withResources } from "./section.fixture.ts";

const versioned = buildPeImage({
  version: { CompanyName: "Example", ProductName: "Demo", FileVersion: "1.2.3.4" },
  buildGuid: Buffer.alloc(16, 7),
});
const carrying = withResources(buildPeImage(), [
  { type: 10, name: 101, bytes: buildPeImage({ magic: "pe32" }) },
  { type: "DATA", name: "x", bytes: writeZip([{ name: "a.txt", bytes: Buffer.from("text") }]) },
]);

async function open(bytes: Buffer): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of pe.open?.(sourceOf(bytes), recordingContext().context) ?? []) names.push(name);
  return names;
}

const identify = (bytes: Buffer) => pe.identify?.(sourceOf(bytes), recordingContext().context);

async function resourcesOffset(image: Buffer): Promise<number> {
  const { sections } = await readPeHeaders(sourceOf(image));
  return sections.find(({ name }) => name === ".rsrc")?.rawOffsetBytes ?? 0;
}

describe("hostile images", () => {
  it.each([versioned, carrying])("end in typed errors however they are cut or flipped: %#", async (image) => {
    const random = sequence(7);
    for (let length = 0; length < 1200; length += 7) await survives(image.subarray(0, length));
    for (let round = 0; round < 1000; round += 1) {
      const copy = Buffer.from(image);
      for (let flips = 0; flips < 3; flips += 1)
        copy[random(round % 2 === 0 ? 700 : copy.length)] = random(256);
      await survives(copy);
    }
  });

  it("may have a resource tree that points at itself", async () => {
    const circle = Buffer.from(versioned);
    circle.writeUInt32LE(0x8000_0000, (await resourcesOffset(versioned)) + 20);
    expect(await identify(circle)).toMatchObject({ architecture: "x64" });
    const both = Buffer.from(carrying);
    for (const entry of [0, 1])
      both.writeUInt32LE(0x8000_0000, (await resourcesOffset(both)) + 16 + entry * 8 + 4);
    expect(await open(both)).toEqual([]);
  });

  it("may have a tree without an end, which is told", async () => {
    // One table whose entries all lead to itself, as tables or as leaves: 4,000 thousand million of them.
    const tree = Buffer.alloc(16 + 16_384 * 8);
    tree.writeUInt16LE(16_384, 14);
    for (const place of [0x8000_0000, 0]) {
      for (let entry = 0; entry < 16_384; entry += 1)
        tree.writeUInt32LE(entry % 2 === 0 ? 0x8000_0000 : place, 20 + entry * 8);
      const built = withResources(buildPeImage(), [{ type: 1, name: 1, bytes: tree }]);
      built.set(tree, await resourcesOffset(built));
      const { context, findings } = recordingContext();
      for await (const _ of pe.open?.(sourceOf(built), context) ?? []) expect.unreachable();
      expect(findings).toEqual([expect.objectContaining({ check: "opened", outcome: "unknown" })]);
    }
  });
});

async function survives(bytes: Buffer): Promise<void> {
  try {
    await identify(bytes);
    await open(bytes);
  } catch (error) {
    expect(
      hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit"),
      String(error),
    ).toBe(true);
  }
}

/** Numbers below a bound, the same in every run. */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
}
