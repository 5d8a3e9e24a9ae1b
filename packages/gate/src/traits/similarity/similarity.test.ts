import { randomFillSync } from "node:crypto";
import { Budget, MemorySource } from "@sallyport/core";
import fc from "fast-check";
import oracle from "tlsh";
import oracleReader from "tlsh/lib/digests/digest-hash-builder.js";
import { describe, expect, it } from "vitest";
import type { ObserveContext } from "../trait.ts";
import { MIN_DIGEST_BYTES, similarityDigest } from "./digest.ts";
import { digestDistance, readDigest } from "./distance.ts";
import { similarity } from "./index.ts";

const text = (lines: number, word: string): Buffer =>
  Buffer.from(
    Array.from({ length: lines }, (_, line) => `${line}: the ${word} of line ${line * 7}\n`).join(""),
  );
const digestOf = (bytes: Uint8Array): string => similarityDigest(bytes) ?? "";
const distance = (a: Uint8Array, b: Uint8Array): number =>
  digestDistance(readDigest(digestOf(a)) ?? Buffer.alloc(0), readDigest(digestOf(b)) ?? Buffer.alloc(0));
const oracleDistance = (a: string, b: string): number =>
  oracleReader().withHash(a).build().calculateDifference(oracleReader().withHash(b).build(), true);

describe("similarityDigest", () => {
  it("says what an independent port of the reference says", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 512, maxLength: 6_000, size: "max" }), (bytes) => {
        const own = similarityDigest(bytes);
        if (own !== undefined) expect(own).toBe(oracle(Buffer.from(bytes).toString("latin1")));
      }),
      { seed: 4, numRuns: 60 },
    );
    const long = text(20_000, "content");
    expect(digestOf(long)).toBe(oracle(long.toString("latin1")));
  });

  it("says nothing of what is short or all alike", () => {
    expect(similarityDigest(randomFillSync(Buffer.alloc(MIN_DIGEST_BYTES - 1)))).toBeUndefined();
    expect(similarityDigest(Buffer.alloc(100_000, 7))).toBeUndefined();
    expect(similarityDigest(Buffer.alloc(0))).toBeUndefined();
  });
});

describe("digestDistance", () => {
  it("is that of an independent port of the reference", () => {
    const hex = fc.stringMatching(/^[0-9A-F]{70}$/);
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        const [readA, readB] = [readDigest(a), readDigest(b)];
        expect(readA && readB && digestDistance(readA, readB)).toBe(oracleDistance(a, b));
      }),
      { seed: 4 },
    );
  });

  it("is small for two versions of a file, and large for strangers", () => {
    const before = text(2_000, "content");
    const after = Buffer.concat([before.subarray(0, 20_000), text(40, "news"), before.subarray(20_000)]);
    expect(distance(before, before)).toBe(0);
    expect(distance(before, after)).toBeLessThan(40);
    expect(distance(before, randomFillSync(Buffer.alloc(before.length)))).toBeGreaterThan(150);
  });

  it.each(["", "T1", "0".repeat(69), "g".repeat(70)])("reads no digest in %j", (digest) => {
    expect(readDigest(digest)).toBeUndefined();
  });
});

it("observes the beginning of a file, whatever its size", async () => {
  const whole = text(200_000, "content");
  const context: ObserveContext = {
    budget: new Budget(),
    format: "data",
    path: "content",
    maxHeldBytes: whole.length,
    rulePacks: [],
    report: () => undefined,
  };
  const digest = similarityDigest(whole.subarray(0, 4 * 1024 * 1024));
  expect(await similarity.observe?.(new MemorySource(whole), context)).toEqual({ digest });
  expect(await similarity.observe?.(new MemorySource(Buffer.alloc(3)), context)).toBeUndefined();
});
