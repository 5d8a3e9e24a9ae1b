import { ArtifactError, hasCode } from "@sallyport/core";
import { collect, testBudget } from "@sallyport/testkit";
import { describe, expect, it } from "vitest";
import { FrontReader } from "../front-reader.ts";
import { SAMPLE_TEXT } from "../sample-text.fixture.ts";
import { type LzmaOptions, unpackLzma } from "./lzma-stream.ts";

/** Made by liblzma 5.4.1 with an end mark, the size taken out of the `.lzma` header: lc 3 lp 0 pb 2, lc 0 lp 4 pb 4. */
const streams = [
  "XQAAAQAAMIgJBlRjb5hYYhZ73kUs7wV9V8pHDfTJMzLW7IBRGTp6kKxlmHRdu9ynSLiEk1r+OJ2DlU/n//96KAAA",
  "2AAAAQAAMIgJBhORtNhlOeCA2Gk3GUQHW0zUp36A5egFSrAYhyobdS4cT2AIuZgDtr4hHlGruO1gbo6gO////GNgAA==",
].map((text) => Buffer.from(text, "base64"));

const [first = Buffer.alloc(0)] = streams;

function readerOf(bytes: Buffer, pieceBytes = 7): FrontReader {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  return new FrontReader(pieces());
}

const unpack = (reader: FrontReader, options: Partial<LzmaOptions> = {}): Promise<Buffer> =>
  collect(unpackLzma(reader, { budget: testBudget(), maxHeldBytes: 2 ** 26, ...options }));

describe("LZMA alone", () => {
  it.each(streams)("ends at its mark and leaves what follows: %#", async (stream) => {
    const reader = readerOf(Buffer.concat([stream, Buffer.from("behind")]));
    expect(await unpack(reader)).toEqual(SAMPLE_TEXT);
    expect((await reader.upTo(99)).toString()).toBe("behind");
  });

  it("ends at a size that is known, which no match may reach beyond", async () => {
    for (const sizeBytes of [0, 1, SAMPLE_TEXT.length])
      expect(await unpack(readerOf(first), { sizeBytes })).toEqual(SAMPLE_TEXT.subarray(0, sizeBytes));
    await expect(unpack(readerOf(first), { sizeBytes: 30 })).rejects.toMatchObject({
      code: "artifact.malformed",
    });
  });

  it("is truncated wherever it is cut before its size", async () => {
    for (let length = 0; length < first.length - 8; length += 1)
      await expect(
        unpack(readerOf(first.subarray(0, length)), { sizeBytes: SAMPLE_TEXT.length }),
      ).rejects.toSatisfy((error) => hasCode(error, "artifact.truncated", "artifact.malformed"));
  });

  it("answers flipped bits with typed errors or other bytes", async () => {
    for (let bit = 0; bit < first.length * 8; bit += 1) {
      const flipped = Buffer.from(first);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await unpack(readerOf(flipped, 1000), { budget: testBudget({ bytes: 2 ** 20 }) }).catch((error) =>
        expect(error).toBeInstanceOf(ArtifactError),
      );
    }
  });

  it("takes no dictionary that is too large, unless what comes out is small", async () => {
    const greedy = Buffer.from(first);
    greedy.writeUInt32LE(0xffff_ffff, 1);
    await expect(unpack(readerOf(greedy))).rejects.toMatchObject({ code: "artifact.over-limit" });
    expect(await unpack(readerOf(greedy), { sizeBytes: SAMPLE_TEXT.length })).toEqual(SAMPLE_TEXT);
  });

  it("stops when the budget is spent", async () => {
    const budget = testBudget({ bytes: 100 });
    await expect(unpack(readerOf(first), { budget })).rejects.toMatchObject({ code: "artifact.over-limit" });
  });
});
