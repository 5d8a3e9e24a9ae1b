/** Hands things from one who makes them to one who takes them, and lets the maker wait until more is wanted. @module */

export class Handover<Item> {
  #items: Item[] = [];
  #next = 0;
  #end: { readonly error: unknown } | undefined;
  #letMaker: { resolve(): void; reject(error: unknown): void } | undefined;
  #letTaker: (() => void) | undefined;

  /** For what is small: nobody waits. */
  put(item: Item): void {
    this.#items.push(item);
    this.#letTaker?.();
  }

  /** @returns once everything was taken and more is wanted */
  give(item: Item): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#letMaker = { resolve, reject };
    this.put(item);
    return promise;
  }

  /** Nothing more comes. @param error - thrown to the taker, after what was made before */
  end(error?: unknown): void {
    this.#end = { error };
    this.#letTaker?.();
  }

  /** Nothing more is wanted: the maker's wait ends with `error`. */
  refuse(error: unknown): void {
    this.#letMaker?.reject(error);
    this.#letMaker = undefined;
  }

  /** The next item, which stays; undefined at the end. */
  async peek(): Promise<Item | undefined> {
    while (this.#next >= this.#items.length) {
      this.#items = [];
      this.#next = 0;
      if (this.#end !== undefined) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return undefined;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#letTaker = resolve;
      this.#letMaker?.resolve();
      this.#letMaker = undefined;
      await promise;
      this.#letTaker = undefined;
    }
    return this.#items[this.#next];
  }

  /** Takes the item that {@link peek} showed. */
  drop(): void {
    this.#next += 1;
  }
}
