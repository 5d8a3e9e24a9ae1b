/** Long pieces of decisions that were read lately, so that what thousands of decisions share is read and held once. @module */

/** Shorter ones are read again as fast. */
const LEAST_CHARACTERS = 4096;
/** Of the JSON of all of them together. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

interface Kept {
  readonly value: unknown;
  readonly characters: number;
}

export class PieceMemory {
  readonly #pieces = new Map<string, Kept>();
  #characters = 0;

  get(digest: string): unknown {
    const kept = this.#pieces.get(digest);
    if (kept === undefined) return undefined;
    // Those that are met again and again stay.
    this.#pieces.delete(digest);
    this.#pieces.set(digest, kept);
    return kept.value;
  }

  keep(digest: string, value: unknown, characters: number): void {
    if (characters < LEAST_CHARACTERS || characters > MAX_CHARACTERS) return;
    this.#pieces.set(digest, { value, characters });
    this.#characters += characters;
    for (const [oldest, kept] of this.#pieces) {
      if (this.#characters <= MAX_CHARACTERS) return;
      this.#pieces.delete(oldest);
      this.#characters -= kept.characters;
    }
  }
}
