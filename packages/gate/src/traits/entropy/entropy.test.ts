import { createHash } from "node:crypto";
import { deflateRawSync, gzipSync } from "node:zlib";
import { Budget, MemorySource } from "@sallyport/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareMembers, portraitOf } from "../trait.fixture.ts";
import { entropy } from "./index.ts";
import { BLOCK_BYTES, findDense } from "./regions.ts";

/** Noise that is the same in every run. */
function noise(length: number, seed = "seed"): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256").update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}
/** As dense as machine code. */
const code = (length: number): Buffer =>
  Buffer.from(noise(length, "code").map((byte) => (byte & 0x3f) * (byte & 1)));
const library = { path: "lib/codec.so", format: "elf" };
const data = { path: "share/model.bin", format: "data" };

async function compared(
  before: Buffer | undefined,
  after: Buffer,
  place: { path: string; format: string },
): Promise<string[]> {
  const draw = (bytes: Buffer) => portraitOf([entropy], { ...place, bytes });
  const differences = compareMembers(
    entropy,
    before === undefined ? undefined : await draw(before),
    await draw(after),
  );
  return differences.map(({ rule, risk }) => `${risk} ${rule}`);
}
const look = (bytes: Buffer) => findDense(new MemorySource(bytes), new Budget());

describe("regions that read like noise", () => {
  it("are found where they stand, and nothing else", async () => {
    const bytes = Buffer.concat([code(64 * 1024), noise(20 * 1024), code(32 * 1024)]);
    expect(await look(bytes)).toMatchObject({
      regionCount: 1,
      regions: [{ offsetBytes: 64 * 1024, sizeBytes: 20 * 1024 }],
    });
    expect(await look(code(200 * 1024))).toMatchObject({ regionCount: 0, denseBytes: 0 });
    expect(await look(Buffer.from(noise(90_000).toString("base64")))).toMatchObject({ denseBytes: 0 });
  });

  it("are told by the mark they begin with", async () => {
    const packed = gzipSync(code(200 * 1024));
    const { regions, knownBytes, denseBytes } = await look(Buffer.concat([code(8 * 1024 + 100), packed]));
    expect(regions[0]?.begins).toBe("gzip");
    expect(knownBytes).toBe(denseBytes);
  });

  it("are found across the pieces a file is read in", async () => {
    const bytes = Buffer.concat([code(1024 * 1024 - 3 * BLOCK_BYTES), noise(8 * BLOCK_BYTES), code(4096)]);
    expect(await look(bytes)).toMatchObject({ regionCount: 1, denseBytes: 8 * BLOCK_BYTES });
  });
});

describe("noise that was gained", () => {
  const before = code(200 * 1024);
  it("holds for a program that was packed as a whole", async () => {
    expect(await compared(before, Buffer.concat([code(4096), noise(90 * 1024)]), library)).toEqual([
      "high packed",
    ]);
  });

  it("is shown in a program that held none", async () => {
    expect(await compared(before, Buffer.concat([before, noise(32 * 1024)]), library)).toEqual([
      "medium first-dense-region",
    ]);
  });

  it("does not mind the tables of a cipher, a compressed picture, or a growing archive inside", async () => {
    expect(await compared(before, Buffer.concat([before, noise(8 * 1024)]), library)).toEqual([]);
    expect(await compared(before, Buffer.concat([before, gzipSync(noise(60 * 1024))]), library)).toEqual([]);
    const some = Buffer.concat([before, noise(300 * 1024)]);
    expect(await compared(some, Buffer.concat([some, noise(64 * 1024)]), library)).toEqual([]);
    expect(await compared(some, Buffer.concat([some, noise(400 * 1024)]), library)).toEqual([
      "low more-dense-data",
    ]);
  });

  it("is shown in data that was readable, and in new files of no known kind", async () => {
    expect(await compared(before, noise(90 * 1024), data)).toEqual(["medium packed"]);
    expect(await compared(before, gzipSync(noise(90 * 1024)), data)).toEqual(["low packed"]);
    expect(await compared(undefined, noise(64 * 1024), data)).toEqual(["low dense-file-added"]);
    expect(await compared(undefined, gzipSync(noise(64 * 1024)), data)).toEqual([]);
    expect(await compared(noise(64 * 1024), noise(64 * 1024, "other"), data)).toEqual([]);
  });

  it("is not told of files so small that a block more or less decides", async () => {
    expect(await compared(gzipSync(noise(5_000)), gzipSync(noise(7_000)), data)).toEqual([]);
  });

  it("is not looked for in scripts and documents", async () => {
    expect(await compared(code(100), noise(64 * 1024), { path: "a.js", format: "data" })).toEqual([]);
  });
});

describe("hostile bytes", () => {
  it("are taken, whatever they are, and little is kept", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9_000, size: "max" }), async (bytes) => {
        const { denseBytes } = await look(Buffer.from(bytes));
        expect(denseBytes).toBeLessThanOrEqual(bytes.length);
      }),
      { seed: 4, numRuns: 50 },
    );
    const striped = Buffer.concat(
      Array.from({ length: 400 }, () => [noise(2 * BLOCK_BYTES), Buffer.alloc(BLOCK_BYTES)]).flat(),
    );
    const found = await look(striped);
    expect(found).toMatchObject({ regionCount: 400 });
    expect(JSON.stringify(found).length).toBeLessThan(8_000);
  });

  it("of compressed nothing end like anything else", async () => {
    expect(await look(deflateRawSync(Buffer.alloc(10)))).toMatchObject({ regionCount: 0 });
  });
});
