/**
 * Where in the file the bytes stand that a program sees at an address. Found in logarithmic time, because a hostile file
 * may have a hundred thousand segments and as many addresses.
 * Source: System V gABI, chapter 5 "Program Header", PT_LOAD.
 * @module
 */

import { type ElfHeaders, SEGMENT, type Segment } from "./headers.ts";

export class Memory {
  readonly #segments: readonly Segment[];

  constructor({ segments }: Pick<ElfHeaders, "segments">) {
    this.#segments = segments
      .filter(({ type, fileBytes }) => type === SEGMENT.load && fileBytes > 0)
      .toSorted((one, other) => one.address - other.address);
  }

  /** @returns undefined for addresses that no segment fills from the file */
  offsetOf(address: number): number | undefined {
    if (!Number.isSafeInteger(address)) return undefined;
    let [low, high] = [0, this.#segments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.address ?? 0) <= address) low = middle + 1;
      else high = middle;
    }
    const segment = this.#segments[low - 1];
    if (segment === undefined || address - segment.address >= segment.fileBytes) return undefined;
    return segment.offsetBytes + (address - segment.address);
  }
}
