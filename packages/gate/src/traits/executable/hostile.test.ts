import { Budget, hasCode, MemorySource } from "@sallyport/core";
import { describe, expect, it } from "vitest";
import { readPeFacts } from "../../formats/pe/executable.ts";
import type { ExecutableFacts } from "./facts.ts";
import { MAX_FACTS_BYTES } from "./facts.ts";
import { buildImage, codeBytes, denseBytes } from "./image.fixture.ts";

const rich = (magic: "pe32" | "pe32+"): Buffer =>
  buildImage({
    magic,
    isLibrary: true,
    guid: Buffer.alloc(16, 7),
    imports: ["kernel32!ExitProcess", "ws2_32!#23"],
    lateImports: ["winhttp!WinHttpOpen"],
    exports: ["Decode", "Open → other.Open"],
    tlsCallbacks: [16],
    sections: [{ name: ".text", bytes: codeBytes(2048), access: "r-x" }],
    resources: [{ type: 10, name: "A", bytes: denseBytes(300) }],
    overlay: Buffer.from("overlay"),
  });

const read = (bytes: Buffer): Promise<ExecutableFacts> => readPeFacts(new MemorySource(bytes), new Budget());

async function survives(bytes: Buffer): Promise<void> {
  try {
    const facts = await read(bytes);
    expect(JSON.stringify(facts).length).toBeLessThan(MAX_FACTS_BYTES);
  } catch (error) {
    const isExpected = hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit");
    expect(isExpected, String(error)).toBe(true);
  }
}

describe("facts of hostile Windows images", () => {
  it.each(["pe32", "pe32+"] as const)(
    "end in typed errors however they are cut or flipped: %s",
    async (magic) => {
      const image = rich(magic);
      const random = sequence(11);
      for (let length = 0; length < image.length; length += 13) await survives(image.subarray(0, length));
      for (let round = 0; round < 3000; round += 1) {
        const copy = Buffer.from(image);
        for (let flips = 0; flips < 4; flips += 1)
          copy[random(round % 2 === 0 ? 1024 : copy.length)] = random(2) === 0 ? 0xff : random(256);
        await survives(copy);
      }
    },
  );

  it("may import without an end, which is told", async () => {
    const thunks = Buffer.alloc(4 * 1024 * 1024, 0xff);
    const image = buildImage({
      imports: ["kernel32!ExitProcess"],
      sections: [{ name: ".text", bytes: thunks, access: "r-x" }],
    });
    const row = image.indexOf("kernel32.dll");
    const facts = await read(withImportsAt(image, 4096, row));
    expect(facts.unreadable).toEqual(["imports"]);
    expect(facts.imports.names).toEqual([]);
  });

  it("may name thousands of sections that are all the same bytes", async () => {
    const image = Buffer.alloc(4 * 1024 * 1024, 0x41);
    const honest = buildImage({ sections: [{ name: ".text", bytes: codeBytes(512), access: "r-x" }] });
    honest.copy(image);
    const coff = honest.readUInt32LE(0x3c) + 4;
    const table = coff + 20 + honest.readUInt16LE(coff + 16);
    image.writeUInt16LE(65_535, coff + 2);
    for (let index = 0; index < 65_535; index += 1) {
      const row = table + index * 40;
      image.writeUInt32LE(0x1000, row + 12);
      image.writeUInt32LE(1024 * 1024, row + 8);
      image.writeUInt32LE(1024 * 1024, row + 16);
      image.writeUInt32LE(0, row + 20);
      image.writeUInt32LE(0xe000_0020, row + 36);
    }
    await survives(image);
  });

  it("may count four thousand million exports", async () => {
    const image = rich("pe32+");
    const name = image.indexOf("Decode\0");
    expect(name).toBeGreaterThan(0);
    for (let at = 0; at + 8 < image.length; at += 4)
      if (image.readUInt32LE(at) === 2 && image.readUInt32LE(at + 4) === 2) {
        image.writeUInt32LE(0xffff_ffff, at);
        image.writeUInt32LE(0xffff_ffff, at + 4);
      }
    await survives(image);
  });
});

/** Lets the first import row take its names from an address that never ends. */
function withImportsAt(image: Buffer, thunks: number, libraryOffset: number): Buffer {
  const optional = image.readUInt32LE(0x3c) + 24;
  const address = image.readUInt32LE(optional + 112 + 8);
  const section = optional + 240 + 40;
  const rawOffset = image.readUInt32LE(section + 20);
  const base = image.readUInt32LE(section + 12);
  image.writeUInt32LE(thunks, rawOffset + address - base);
  image.writeUInt32LE(libraryOffset - rawOffset + base, rawOffset + address - base + 12);
  return image;
}

/** Numbers below a bound, the same in every run. */
function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
}
