/** Slices of a universal binary are the program itself, not carried by it. Source: Apple, mach-o/fat.h. @module */

import { asBuffer, type ByteSource } from "@sallyport/core";
import type { CarriedProgram } from "./search.ts";

const MOST_SLICES = 64;

/** @returns those that are no slices that the member's own header names */
export async function outsideSlices(
  source: ByteSource,
  programs: readonly CarriedProgram[],
): Promise<readonly CarriedProgram[]> {
  if (programs.length === 0) return programs;
  const head = asBuffer(await source.read(0, 8 + MOST_SLICES * 32));
  if (head.length < 8) return programs;
  const magic = head.readUInt32BE(0);
  if (magic !== 0xcafebabe && magic !== 0xcafebabf) return programs;
  const is64 = magic === 0xcafebabf;
  const entryBytes = is64 ? 32 : 20;
  const slices = new Set<number>();
  const count = Math.min(head.readUInt32BE(4), MOST_SLICES);
  for (let index = 0; index < count; index += 1) {
    const entry = 8 + index * entryBytes;
    if (entry + entryBytes > head.length) break;
    slices.add(is64 ? Number(head.readBigUInt64BE(entry + 8)) : head.readUInt32BE(entry + 8));
  }
  return programs.filter(({ offsetBytes, writing }) => writing !== "plain" || !slices.has(offsetBytes));
}
