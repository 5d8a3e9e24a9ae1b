import { constants, deflateRawSync } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import { collect, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { FrontReader } from "../front-reader.ts";
import { inflate } from "./inflate.ts";

/** Numbers that look random and are the same in every run. Source: Marsaglia, Xorshift RNGs (2003). */
function noise(length: number): Buffer {
  let state = 88_675_123;
  return Buffer.from(
    Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    }),
  );
}

const samples = [
  Buffer.alloc(0),
  Buffer.from("a"),
  Buffer.from("a line of an ordinary text, and another\r\n".repeat(9000)),
  noise(300_000),
  Buffer.concat([noise(70_000), Buffer.alloc(500_000), noise(70_000)]),
];

function readerOf(bytes: Buffer): FrontReader {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 4099) yield bytes.subarray(at, at + 4099);
    yield Buffer.from("behind");
  }
  return new FrontReader(pieces());
}

const unpack = (reader: FrontReader) => collect(inflate(reader, testBudget({ bytes: 2 ** 22 })));

/** Stored blocks only, without the complements, as the stubs read them. */
function storeBare(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += 60_000) {
    const block = bytes.subarray(at, at + 60_000);
    const head = Buffer.from([at + 60_000 >= bytes.length ? 1 : 0, 0, 0]);
    head.writeUInt16LE(block.length, 1);
    blocks.push(head, block);
  }
  return Buffer.concat(blocks);
}

describe("deflate of NSIS", () => {
  it.each(samples)("is what zlib wrote, at every level and strategy: %#", async (sample) => {
    for (const level of [0, 1, 6, 9])
      for (const strategy of [
        constants.Z_DEFAULT_STRATEGY,
        constants.Z_FIXED,
        constants.Z_HUFFMAN_ONLY,
        constants.Z_RLE,
      ]) {
        const reader = readerOf(deflateRawSync(sample, { level, strategy }));
        expect((await unpack(reader)).equals(sample)).toBe(true);
        expect((await reader.upTo(99)).toString()).toBe("behind");
      }
  });

  it.each(samples)("may leave out the complements of stored blocks: %#", async (sample) => {
    expect((await unpack(readerOf(storeBare(sample)))).equals(sample)).toBe(true);
  });

  it("ends in typed errors wherever it is cut or flipped", async () => {
    const packed = deflateRawSync(samples[2] ?? Buffer.alloc(0));
    async function* only(bytes: Buffer) {
      yield bytes;
    }
    const check = (bytes: Buffer) =>
      unpack(new FrontReader(only(bytes))).catch((error) => expect(error).toBeInstanceOf(ArtifactError));
    for (let length = 0; length < packed.length; length += 1) await check(packed.subarray(0, length));
    for (let bit = 0; bit < packed.length * 8; bit += 1) {
      const flipped = Buffer.from(packed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await check(flipped);
    }
  });
});
