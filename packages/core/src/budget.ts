/**
 * What one descent may spend. Every level of nesting draws on the same budget, so a bomb inside a bomb
 * gains nothing. Spent is spent: there is no refund.
 * @module
 */

import { ArtifactError } from "./errors.ts";
import type { JsonObject } from "./json.ts";

export interface Limits {
  /** Members over all levels. */
  readonly entries: number;
  /** Bytes that come out of containers and decompressors, over all levels. */
  readonly bytes: number;
  /** Containers inside containers. */
  readonly depth: number;
  /** Wall-clock time of the whole descent. */
  readonly milliseconds: number;
}

export const DEFAULT_LIMITS: Limits = {
  entries: 200_000,
  bytes: 16 * 1024 ** 3,
  depth: 12,
  milliseconds: 15 * 60_000,
};

export type LimitName = keyof Limits;

export class Budget {
  readonly limits: Limits;
  #entries = 0;
  #bytes = 0;
  readonly #deadline: number;
  readonly #monotonicMilliseconds: () => number;

  /** @param monotonicMilliseconds - a clock that never goes back; tests pass their own */
  constructor(
    limits: Limits = DEFAULT_LIMITS,
    monotonicMilliseconds: () => number = () => performance.now(),
  ) {
    this.limits = limits;
    this.#monotonicMilliseconds = monotonicMilliseconds;
    this.#deadline = monotonicMilliseconds() + limits.milliseconds;
  }

  /** @throws {@link ArtifactError} `artifact.over-limit` when one more member is one too many */
  spendEntry(): void {
    this.#entries += 1;
    if (this.#entries > this.limits.entries) this.#refuse("entries", this.limits.entries);
    this.checkTime();
  }

  /**
   * Counts bytes that a container or decompressor yielded. Call it before the bytes are kept.
   * @throws {@link ArtifactError} `artifact.over-limit`
   */
  spendBytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > this.limits.bytes) this.#refuse("bytes", this.limits.bytes);
    this.checkTime();
  }

  /** @throws {@link ArtifactError} `artifact.over-limit` when a container lies deeper than allowed */
  checkDepth(depth: number): void {
    if (depth > this.limits.depth) this.#refuse("depth", this.limits.depth);
  }

  /** @throws {@link ArtifactError} `artifact.over-limit` when the time is up */
  checkTime(): void {
    if (this.#monotonicMilliseconds() > this.#deadline)
      this.#refuse("milliseconds", this.limits.milliseconds);
  }

  /** What was spent so far. */
  get spent(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries, bytes: this.#bytes };
  }

  #refuse(limit: LimitName, allowed: number): never {
    const facts: JsonObject = { limit, allowed };
    throw new ArtifactError("artifact.over-limit", `the limit of ${allowed} ${limit} is spent`, { facts });
  }
}
