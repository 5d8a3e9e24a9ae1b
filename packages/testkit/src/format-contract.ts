/**
 * What every format promises, whatever it reads: it knows its own files and nobody else's noise, and damaged ones
 * end in our errors or findings, in bounded time, with nothing unread kept.
 * @module
 */

import { SallyportError } from "@sallyport/core";
import type { Format } from "@sallyport/gate";
import { expect, it } from "vitest";
import { contentOf, recordingContext, sourceOf, testBudget } from "./reading.ts";

const HEAD_BYTES = 18 * 2048;
const TAIL_BYTES = 22 + 0xffff;
const CUTS = 60;
const FLIPS = 150;
const NOISES = 400;

/** @param sample - an ordinary file of the format */
export function formatContract(format: Format, sample: Buffer): void {
  it("recognises its own file by content", () => {
    expect(format.recognise(glimpseOf(sample))).toBe(true);
  });

  it("takes no noise for its own, and survives it", () => {
    const random = sequence(1);
    for (let round = 0; round < NOISES; round += 1) {
      const noise = Buffer.from(Array.from({ length: random(6000) }, () => random(256)));
      expect(format.recognise(glimpseOf(noise))).toBe(false);
    }
    expect(format.recognise(glimpseOf(Buffer.alloc(0)))).toBe(false);
  });

  it("finds nothing wrong with its own file", async () => {
    expect(await readAll(format, sample)).toEqual({ bad: [], error: undefined });
  });

  it("answers a file that is cut short with our errors or findings", async () => {
    for (let cut = 1; cut <= CUTS; cut += 1)
      await readAll(format, sample.subarray(0, Math.floor((sample.length * cut) / (CUTS + 1))));
  });

  it("answers a file with a flipped bit with our errors or findings", async () => {
    const random = sequence(2);
    for (let round = 0; round < FLIPS; round += 1) {
      const damaged = Buffer.from(sample);
      const at = random(2) === 0 ? random(Math.min(512, damaged.length)) : random(damaged.length);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
      await readAll(format, damaged);
    }
  });

  it("stops when the budget is spent", async () => {
    const limits = testBudget({ milliseconds: -1 });
    const { error } = await readAll(format, sample, limits);
    if (format.open !== undefined || format.openStream !== undefined)
      expect(error === undefined || error === "artifact.over-limit").toBe(true);
  });
}

/** Identifies and opens; anything but our errors is thrown on, and fails the test. */
async function readAll(format: Format, bytes: Buffer, budget = testBudget({ bytes: 64 * 1024 * 1024 })) {
  const { context, findings } = recordingContext(budget);
  let error: string | undefined;
  try {
    await format.identify?.(sourceOf(bytes), context);
    const members =
      format.open?.(sourceOf(bytes), context) ?? format.openStream?.(sourceOf(bytes).stream(), context) ?? [];
    for await (const member of members) await contentOf(member);
  } catch (thrown) {
    if (!(thrown instanceof SallyportError)) throw thrown;
    error = thrown.code;
  }
  return { bad: findings.filter(({ outcome }) => outcome !== "pass"), error };
}

const glimpseOf = (bytes: Buffer) => ({
  head: bytes.subarray(0, HEAD_BYTES),
  tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
  sizeBytes: bytes.length,
});

/** Numbers that look random and are the same in every run. Source: Marsaglia, Xorshift RNGs (2003). */
export function sequence(seed: number): (bound: number) => number {
  let state = seed * 2_654_435_761;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
