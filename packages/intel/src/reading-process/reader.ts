/** The reading process as syncing asks for it: facts that are taken one after the other. @module */

import type { Limits } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import type { IntelSource, SkippedRow } from "../source.ts";
import type { FileAtPath, Reader, Reading } from "../sync/ports.ts";
import { readDownloads, readFacts } from "./read-process.ts";

export interface ReaderOptions {
  readonly clock: { now(): Date };
  /** Where scratch folders are made; private to this user. */
  readonly scratchRoot: string;
  readonly limits?: Partial<Limits>;
  readonly maxMemoryBytes?: number;
  /** Public keys that sealed files count under, PEM. */
  readonly trustedKeys?: readonly string[];
  /** Another program; for tests of the isolation itself. */
  readonly entry?: URL;
}

/** Reads every source in a process of its own. */
export function cagedReader(options: ReaderOptions): Reader {
  const { clock, ...rest } = options;
  const readingOf = (source: IntelSource, files: readonly FileAtPath[]) => ({
    ...rest,
    source,
    files,
    now: clock.now(),
  });
  return {
    read: (source, files, skip, tell) =>
      begin((pipe) => readFacts(readingOf(source, files), pipe.listener(skip, tell))),
    follow: (source, files, skip) => readDownloads(readingOf(source, files), skip),
  };
}

/** Waits for the first thing that is said: the data's own date stands before the facts. */
async function begin(work: (pipe: FactPipe) => Promise<void>): Promise<Reading> {
  const pipe = new FactPipe();
  void work(pipe).then(
    () => pipe.end(undefined),
    (error: unknown) => pipe.end({ error }),
  );
  await pipe.begun;
  return { ...(pipe.asOf !== undefined && { asOf: pipe.asOf }), facts: pipe };
}

/** One batch at a time goes through it: whoever fills it waits until it was emptied. */
class FactPipe implements AsyncIterable<Fact> {
  readonly #begun = Promise.withResolvers<void>();
  #batch: readonly Fact[] = [];
  #emptied: PromiseWithResolvers<void> | undefined;
  #filled = Promise.withResolvers<void>();
  #end: { readonly error?: unknown } | undefined;
  #isLeft = false;
  asOf: string | undefined;

  /** Settled with the first batch; it fails when everything ends with an error before. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  listener(skip: (row: SkippedRow) => void, tell: (sentence: string) => void = () => undefined) {
    return {
      asOf: (asOf: string) => {
        this.asOf = asOf;
      },
      skipped: skip,
      told: tell,
      facts: (facts: readonly Fact[]) => this.#fill(facts),
    };
  }

  #fill(facts: readonly Fact[]): Promise<void> {
    if (this.#isLeft) return Promise.reject(new Error("nobody takes the facts any more"));
    this.#batch = facts;
    this.#emptied = Promise.withResolvers();
    this.#begun.resolve();
    this.#filled.resolve();
    return this.#emptied.promise;
  }

  end(failure: { readonly error: unknown } | undefined): void {
    this.#end = failure ?? {};
    if (failure === undefined) this.#begun.resolve();
    else this.#begun.reject(failure.error);
    this.#filled.resolve();
  }

  /** A generator that was never begun does not hear that it is left, so that this is told beside it. */
  [Symbol.asyncIterator](): AsyncIterator<Fact> {
    const taking = this.#take();
    return {
      next: () => taking.next(),
      return: () => {
        this.#leave();
        return taking.return(undefined);
      },
    };
  }

  async *#take(): AsyncGenerator<Fact> {
    try {
      for (;;) {
        await this.#filled.promise;
        const batch = this.#batch;
        this.#batch = [];
        yield* batch;
        if (this.#end !== undefined) break;
        this.#filled = Promise.withResolvers();
        this.#emptied?.resolve();
      }
      if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    this.#isLeft = true;
    this.#emptied?.reject(new Error("nobody takes the facts any more"));
    // Told to whoever waits; nobody may.
    this.#emptied?.promise.catch(() => undefined);
  }
}
