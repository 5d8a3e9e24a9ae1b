/**
 * Where in the file the bytes stand that a program sees at an address, found in logarithmic time.
 * Source: Apple, mach-o/loader.h, `segment_command`.
 * @module
 */

import type { Segment } from "./segments.ts";

export class Memory {
  readonly #segments: readonly Segment[];
  /** Of the header; what offsets are counted from. */
  readonly baseAddress: number;

  constructor(segments: readonly Segment[]) {
    const inFile = segments.filter(({ fileBytes }) => fileBytes > 0);
    this.#segments = inFile.toSorted((one, other) => one.address - other.address);
    this.baseAddress = inFile.find(({ offsetBytes }) => offsetBytes === 0)?.address ?? 0;
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
