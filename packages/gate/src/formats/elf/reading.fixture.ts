/** How the tests beside it read ELF files. @module */

import { hasCode } from "@sallyport/core";
import { recordingContext, sourceOf } from "@sallyport/testkit";
import { expect } from "vitest";
import { buildElf } from "./elf.fixture.ts";
import { elf } from "./index.ts";

export const whole = buildElf({ wide: true, littleEndian: true });
/** Places in {@link whole}. */
export const FIELD = {
  phoff: 32,
  shoff: 40,
  ehsize: 52,
  phentsize: 54,
  phnum: 56,
  shnum: 60,
  load: 64,
} as const;

export async function open(bytes: Buffer) {
  const { context, findings } = recordingContext();
  const members = [];
  for await (const member of elf.open?.(sourceOf(bytes), context) ?? []) members.push(member);
  return { members, findings };
}

export const identify = (bytes: Buffer) => elf.identify?.(sourceOf(bytes), recordingContext().context);

export function changed(change: (copy: Buffer) => void, bytes: Buffer = whole): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
}

export const shoff = whole.readUInt32LE(FIELD.shoff);

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
