import { constants, deflateRawSync } from "node:zlib";
import { ArtifactError } from "@sallyport/core";
import { collect, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { FrontReader } from "../formats/front-reader.ts";
import { DEFLATE64, inflate, NSIS_DEFLATE } from "./inflate.ts";

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

const unpack = (reader: FrontReader) =>
  collect(inflate(reader, testBudget({ bytes: 2 ** 22 }), NSIS_DEFLATE));

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

describe("Deflate64", () => {
  const unpack64 = (bytes: Buffer) =>
    collect(inflate(readerOf(bytes), testBudget({ bytes: 2 ** 24 }), DEFLATE64));
  /** Bits lowest first, but codes highest first (RFC 1951 §3.1.1): each as [value, count] or a code as text. */
  const bits = (...parts: readonly (readonly [number, number] | string)[]): Buffer => {
    const all = parts.flatMap((part) =>
      typeof part === "string"
        ? [...part].map(Number)
        : Array.from({ length: part[1] }, (_, at) => Math.floor(part[0] / 2 ** at) % 2),
    );
    const bytes = Buffer.alloc(Math.ceil(all.length / 8));
    for (const [at, bit] of all.entries())
      bytes.writeUInt8(bytes.readUInt8(at >> 3) | (bit << (at & 7)), at >> 3);
    return bytes;
  };
  /** One last block with the fixed codes: an "a", then a match of symbol 285. */
  const match = (length: number, distance: string, ...more: readonly (readonly [number, number])[]) =>
    bits([1, 1], [1, 2], "10010001", "11000101", [length - 3, 16], distance, ...more, "0000000");

  it("has matches of any length up to 65,538", async () => {
    for (const length of [3, 258, 259, 65_538])
      expect(await unpack64(match(length, "00000"))).toEqual(Buffer.alloc(length + 1, "a"));
  });

  it("reaches back 64 KiB, and no further than to the beginning", async () => {
    const far = noise(65_536);
    const stored = (bytes: Buffer) => {
      const head = Buffer.alloc(5);
      head.writeUInt16LE(bytes.length, 1);
      head.writeUInt16LE(~bytes.length & 0xffff, 3);
      return Buffer.concat([head, bytes]);
    };
    const front = Buffer.concat([stored(far.subarray(0, 40_000)), stored(far.subarray(40_000))]);
    // Distance symbol 31: 49,153 and 14 bits more. Length symbol 257: three bytes.
    const back = bits([1, 1], [1, 2], "0000001", "11111", [65_536 - 49_153, 14], "0000000");
    expect(await unpack64(Buffer.concat([front, back]))).toEqual(Buffer.concat([far, far.subarray(0, 3)]));
    const short = Buffer.concat([stored(far.subarray(0, 40_000)), back]);
    await expect(unpack64(short)).rejects.toMatchObject({ code: "artifact.malformed" });
  });

  it("wants the complement of a stored length, and the codes of ordinary deflate stay what they are", async () => {
    await expect(unpack64(Buffer.from("0103006162630000", "hex"))).rejects.toMatchObject({
      code: "artifact.malformed",
    });
    await expect(
      unpack(readerOf(bits([1, 1], [1, 2], "10010001", "0000001", "11110", [0, 14]))),
    ).rejects.toMatchObject({
      code: "artifact.malformed",
    });
  });

  it("is told when it is cut short, and stops at the budget", async () => {
    const whole = match(65_538, "00000");
    for (let length = 0; length < whole.length; length += 1)
      await expect(
        collect(inflate(endingReader(whole.subarray(0, length)), testBudget(), DEFLATE64)),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^artifact\.(?:truncated|malformed)$/) });
    await expect(
      collect(inflate(endingReader(whole), testBudget({ bytes: 1000 }), DEFLATE64)),
    ).rejects.toMatchObject({ code: "artifact.over-limit" });
  });
});

function endingReader(bytes: Buffer): FrontReader {
  async function* once() {
    yield bytes;
  }
  return new FrontReader(once());
}
