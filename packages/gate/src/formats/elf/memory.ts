/**
 * Where in the file the bytes stand that a program sees at an address.
 * Source: System V gABI, chapter 5 "Program Header", PT_LOAD.
 * @module
 */

import { type ElfHeaders, SEGMENT, type Segment } from "./headers.ts";

/** Linkers make some ten; the loader of Linux takes what fits into a page of headers. */
const MAX_SEGMENTS = 512;

export class Memory {
  readonly #segments: readonly Segment[];

  constructor({ segments }: Pick<ElfHeaders, "segments">) {
    this.#segments = segments
      .filter(({ type, fileBytes }) => type === SEGMENT.load && fileBytes > 0)
      .slice(0, MAX_SEGMENTS);
  }

  /** @returns undefined for addresses that no segment fills from the file */
  offsetOf(address: number): number | undefined {
    if (!Number.isSafeInteger(address)) return undefined;
    // Where two overlap, the later one is mapped over the other.
    const segment = this.#segments.findLast(
      (candidate) => address >= candidate.address && address - candidate.address < candidate.fileBytes,
    );
    return segment === undefined ? undefined : segment.offsetBytes + (address - segment.address);
  }
}
