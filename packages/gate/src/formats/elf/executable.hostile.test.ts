import { hasCode, MemorySource } from "@sallyport/core";
import { testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { MAX_FACTS_BYTES } from "../../traits/executable/facts.ts";
import { readElfFacts } from "./executable.ts";
import { buildElfImage } from "./image.fixture.ts";
import { sequence } from "./reading.fixture.ts";

const whole = buildElfImage({
  loader: "/lib64/ld.so",
  needed: ["libc.so.6"],
  imports: ["open", "close"],
  exports: ["demo"],
  resolved: ["chosen"],
  initialisers: 3,
  comment: "GCC: 12",
  buildId: "00112233",
  overlay: Buffer.from("behind"),
});

async function survives(bytes: Buffer): Promise<void> {
  try {
    await readElfFacts(new MemorySource(bytes), testBudget());
  } catch (error) {
    const isTyped = hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit");
    expect(isTyped, String(error)).toBe(true);
  }
}

describe("hostile ELF images", () => {
  it("throws nothing but typed errors however a file is cut", async () => {
    for (let length = 0; length < whole.length; length += 37) await survives(whole.subarray(0, length));
  });

  it("throws nothing but typed errors however a file is flipped", async () => {
    const random = sequence(5);
    for (let round = 0; round < 1500; round += 1) {
      const copy = Buffer.from(whole);
      for (let flips = 0; flips < 4; flips += 1)
        copy[random(round % 2 === 0 ? 1200 : copy.length)] = random(256);
      await survives(copy);
    }
  });

  it("keeps little of 200,000 symbols that share one long name", async () => {
    const names = Buffer.alloc(4096, "n");
    const symbols = Buffer.alloc(24 * 200_000);
    for (let at = 0; at < symbols.length; at += 24) {
      symbols.writeUInt32LE((at / 24) % 2000, at);
      symbols[at + 4] = 0x12;
    }
    const image = buildElfImage({ imports: ["open"] });
    const bytes = Buffer.concat([image, names, symbols]);
    // One segment over everything at once, and the dynamic tags pointed at what was appended.
    bytes.writeBigUInt64LE(BigInt(bytes.length), 64 + 32);
    bytes.writeBigUInt64LE(BigInt(bytes.length), 64 + 40);
    const segment = 64 + 3 * 56;
    const dynamicAt = Number(bytes.readBigUInt64LE(segment + 8));
    for (let at = dynamicAt; at < dynamicAt + 11 * 16; at += 16) {
      const tag = Number(bytes.readBigUInt64LE(at));
      if (tag === 5) bytes.writeBigUInt64LE(BigInt(0x40_0000 + image.length), at + 8);
      if (tag === 6) bytes.writeBigUInt64LE(BigInt(0x40_0000 + image.length + names.length), at + 8);
      if (tag === 10) bytes.writeBigUInt64LE(BigInt(names.length), at + 8);
    }
    const hashAt = dynamicAt;
    for (let at = hashAt; at < dynamicAt + 11 * 16; at += 16)
      if (Number(bytes.readBigUInt64LE(at)) === 4)
        bytes.writeUInt32LE(200_000, Number(bytes.readBigUInt64LE(at + 8)) - 0x40_0000 + 4);
    const facts = await readElfFacts(new MemorySource(bytes), testBudget());
    expect(facts.unreadable).toContain("all symbols");
    expect(JSON.stringify(facts).length).toBeLessThan(MAX_FACTS_BYTES);
  });

  it("reads a file of sections that are all the same bytes a bounded number of times", async () => {
    const count = 4000;
    const image = buildElfImage({ isStripped: true });
    const table = Buffer.alloc(count * 64);
    for (let index = 1; index < count; index += 1) {
      table.writeUInt32LE(1, index * 64 + 4);
      table.writeBigUInt64LE(6n, index * 64 + 8);
      table.writeBigUInt64LE(BigInt(image.length), index * 64 + 32);
    }
    const bytes = Buffer.concat([image, table]);
    bytes.writeBigUInt64LE(BigInt(image.length), 40);
    bytes.writeUInt16LE(64, 58);
    bytes.writeUInt16LE(count, 60);
    const facts = await readElfFacts(new MemorySource(bytes), testBudget());
    expect(facts.unreadable).toContain("regions that share their bytes");
    expect(facts.regions.length).toBeLessThanOrEqual(256);
    expect(JSON.stringify(facts).length).toBeLessThan(MAX_FACTS_BYTES);
  });
});
