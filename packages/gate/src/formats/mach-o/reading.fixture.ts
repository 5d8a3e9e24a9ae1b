/** How the tests beside it read Mach-O files, and what they expect of them. @module */

import { hasCode } from "@sallyport/core";
import { recordingContext, sourceOf, testBudget } from "@sallyport/testkit";
import { expect } from "vitest";
import { machO } from "./index.ts";
import { ARM64, buildMachO, X86_64 } from "./mach-o.fixture.ts";

export const LITTLE = { wide: true, littleEndian: true } as const;
export const whole = buildMachO(LITTLE);
export const intel = { cpu: X86_64, bytes: whole };
export const apple = { cpu: ARM64, bytes: buildMachO({ ...LITTLE, cpu: ARM64 }) };

export async function open(bytes: Buffer, budget = testBudget()) {
  const { context, findings } = recordingContext(budget);
  const members = [];
  for await (const member of machO.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

export const identify = (bytes: Buffer) => machO.identify?.(sourceOf(bytes), recordingContext().context);
export const recognise = (bytes: Buffer): boolean =>
  machO.recognise({ head: bytes.subarray(0, 4096), tail: bytes.subarray(-100), sizeBytes: bytes.length });

export function changed(change: (copy: Buffer) => void, bytes: Buffer = whole): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

export const lie = (because: string) =>
  expect.objectContaining({
    check: "structure",
    outcome: "fail",
    because: expect.stringContaining(because),
  });

export async function survives(bytes: Buffer): Promise<void> {
  for (const reading of [identify, open])
    try {
      await reading(bytes);
    } catch (error) {
      expect(
        hasCode(error, "artifact.malformed", "artifact.truncated", "artifact.over-limit"),
        String(error),
      ).toBe(true);
    }
}

/** Numbers below a bound, the same in every run. */
export function sequence(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
}
