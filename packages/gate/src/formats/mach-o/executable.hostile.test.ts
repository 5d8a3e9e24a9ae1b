import { hasCode, MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { MAX_FACTS_BYTES } from "../../traits/executable/facts.ts";
import { readBindings, readChainedBindings } from "./bindings.ts";
import { readMachFacts } from "./executable.ts";
import { readExports } from "./export-trie.ts";
import { buildMachImage } from "./image.fixture.ts";
import { sequence } from "./reading.fixture.ts";

const whole = buildMachImage({
  fileType: 2,
  searchPaths: ["@loader_path"],
  imports: [["_open", 1]],
  exports: ["_demo"],
  initialisers: 2,
  uuid: "00112233445566778899aabbccddeeff",
  overlay: Buffer.from("behind"),
});

async function survives(bytes: Buffer): Promise<void> {
  try {
    const facts = await readMachFacts(new MemorySource(bytes), testBudget());
    expect(JSON.stringify(facts ?? {}).length).toBeLessThan(MAX_FACTS_BYTES);
  } catch (error) {
    const isTyped = hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit");
    expect(isTyped, String(error)).toBe(true);
  }
}

describe("hostile Mach-O images", () => {
  it("throws nothing but typed errors however a file is cut", async () => {
    for (let length = 0; length < 2000; length += 7) await survives(whole.subarray(0, length));
    for (let length = 2000; length < whole.length; length += 997) await survives(whole.subarray(0, length));
  });

  it("throws nothing but typed errors however a file is flipped", async () => {
    const random = sequence(9);
    const linkAt = 0x8000;
    for (let round = 0; round < 1500; round += 1) {
      const copy = Buffer.from(whole);
      for (let flips = 0; flips < 4; flips += 1)
        copy[round % 2 === 0 ? random(1100) : linkAt + random(copy.length - linkAt)] = random(256);
      await survives(copy);
    }
  });

  it("ends in a tree of exports that turns back on itself, or shares everything", () => {
    const loop = Buffer.concat([
      Buffer.from([0, 2]),
      Buffer.from("a\0"),
      Buffer.from([0]),
      Buffer.from("b\0"),
      Buffer.from([0]),
    ]);
    expect(readExports(loop, testBudget())).toEqual([]);
    // Each node is a name of its own, and a child of the one before: names grow with depth.
    const deep = Buffer.concat(
      Array.from({ length: 20_000 }, (_, index) => {
        const next = (index + 1) * 10;
        const offset = [(next & 0x7f) | 0x80, ((next >>> 7) & 0x7f) | 0x80, next >>> 14];
        return Buffer.from([2, 0, 1, 1, 0x61, 0x62, 0, ...offset]);
      }),
    );
    const names = readExports(deep, testBudget()).map(({ name }) => name.length);
    expect(names.reduce((sum, length) => sum + length, 0)).toBeLessThan(64 * 1024 * 1024);
  });

  it("keeps little of chained imports that share one long name", () => {
    const count = 300_000;
    const bytes = Buffer.alloc(28 + count * 4 + 2000, "n");
    bytes.fill(0, 0, 28 + count * 4);
    bytes.writeUInt32LE(28, 8);
    bytes.writeUInt32LE(28 + count * 4, 12);
    bytes.writeUInt32LE(0xffff_ffff, 16);
    bytes.writeUInt32LE(1, 20);
    expect(readChainedBindings(bytes).length).toBeLessThan(count / 2);
  });

  it.each([0x00, 0x10, 0x20, 0x40, 0x60, 0x90, 0xc0, 0xd0, 0xff])(
    "comes to the end of opcodes that are all 0x%x",
    (opcode) => {
      const bytes = Buffer.alloc(1_000_000, opcode);
      expect(readBindings(bytes, testBudget()).length).toBeLessThan(500_000);
    },
  );
});
