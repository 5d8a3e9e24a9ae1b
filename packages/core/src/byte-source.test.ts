import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ByteSource,
  CHUNK_BYTES,
  MAX_READ_BYTES,
  MemorySource,
  RangeSource,
  readExactly,
  visitPieces,
} from "./byte-source.ts";

const bytes = Uint8Array.from({ length: 200 }, (_, index) => index);
const collected = async (source: ByteSource, offset?: number, length?: number) =>
  Buffer.concat(await Array.fromAsync(source.stream(offset, length)));

describe("readExactly", () => {
  it("reads what is there, up to the last byte", async () => {
    expect([...(await readExactly(new MemorySource(bytes), 198, 2, "tail"))]).toEqual([198, 199]);
    expect(await readExactly(new MemorySource(bytes), 200, 0, "nothing")).toHaveLength(0);
  });

  it.each([
    [199, 2, "artifact.truncated"],
    [Number.MAX_SAFE_INTEGER, 1, "artifact.truncated"],
    [-1, 1, "artifact.malformed"],
    [0, -1, "artifact.malformed"],
    [0.5, 1, "artifact.malformed"],
    [0, Number.NaN, "artifact.malformed"],
    [0, 2 ** 53, "artifact.malformed"],
    [0, MAX_READ_BYTES + 1, "artifact.over-limit"],
  ])("refuses %d + %d with %s", async (offset, length, code) => {
    await expect(readExactly(new MemorySource(bytes), offset, length, "part")).rejects.toMatchObject({
      code,
    });
  });

  it("does not believe a source that hands out less than it promised", async () => {
    const short: ByteSource = {
      sizeBytes: 10,
      read: async () => new Uint8Array(3),
      stream: async function* () {},
    };
    await expect(readExactly(short, 0, 10, "part")).rejects.toMatchObject({ code: "artifact.truncated" });
  });
});

describe("MemorySource", () => {
  it("streams everything in bounded pieces", async () => {
    const large = new MemorySource(new Uint8Array(CHUNK_BYTES * 2 + 5));
    const pieces = await Array.fromAsync(large.stream());
    expect(pieces.map(({ length }) => length)).toEqual([CHUNK_BYTES, CHUNK_BYTES, 5]);
  });
});

describe("RangeSource", () => {
  it("never shows a byte outside its range", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(200),
        fc.nat(200),
        fc.nat(250),
        fc.nat(250),
        async (start, size, offset, length) => {
          fc.pre(start + size <= bytes.length);
          const range = new RangeSource(new MemorySource(bytes), start, size);
          const expected = Buffer.from(bytes.subarray(start, start + size)).subarray(offset, offset + length);
          expect(Buffer.from(await range.read(offset, length))).toEqual(expected);
          expect(await collected(range, offset, length)).toEqual(expected);
        },
      ),
      { seed: 2 },
    );
  });

  it.each([
    [150, 51],
    [-1, 5],
    [0, -1],
    [0.5, 1],
    [Number.NaN, 1],
  ])("refuses the range %d + %d", (offset, size) => {
    expect(() => new RangeSource(new MemorySource(bytes), offset, size)).toThrow(/past the end/);
  });
});

describe("visitPieces", () => {
  const large = Buffer.alloc(CHUNK_BYTES * 3 + 5, "demo");
  const whole = new MemorySource(large);
  const intoMemory: ByteSource = {
    sizeBytes: large.length,
    read: (offset, length) => whole.read(offset, length),
    stream: (offset, length) => whole.stream(offset, length),
    readInto: async (offset, target, length) => target.set(await whole.read(offset, length)),
  };

  it.each([
    ["that is small", new MemorySource(bytes), Buffer.from(bytes)],
    ["that is empty", new MemorySource(new Uint8Array(0)), Buffer.alloc(0)],
    ["of several pieces", whole, large],
    ["that reads into memory it is given", intoMemory, large],
    ["that is a range", new RangeSource(intoMemory, 3, large.length - 4), large.subarray(3, -1)],
    [
      "that is a range of one that cannot",
      new RangeSource(whole, 3, large.length - 4),
      large.subarray(3, -1),
    ],
  ])("hands out a source %s, once and in order", async (_name, source, expected) => {
    const pieces: Buffer[] = [];
    await visitPieces(source, (piece, offset) => {
      expect(offset).toBe(pieces.reduce((sum, { length }) => sum + length, 0));
      pieces.push(Buffer.from(piece));
    });
    expect(Buffer.concat(pieces).equals(expected)).toBe(true);
  });

  it("throws what a read ahead throws, and what the visitor throws", async () => {
    const broken: ByteSource = {
      ...intoMemory,
      readInto: async (offset) => {
        if (offset > 0) throw new Error("broken");
      },
    };
    await expect(visitPieces(broken, () => undefined)).rejects.toThrow("broken");
    const stop = () => {
      throw new Error("enough");
    };
    await expect(visitPieces(whole, stop)).rejects.toThrow("enough");
  });
});
