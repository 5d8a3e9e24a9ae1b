/** A folder of one's own, sources that are quickly read, and a reader without a process of its own. */

import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Budget, DEFAULT_LIMITS, FileSource } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import { openIntel } from "../intel.ts";
import type { Download, IntelSource, ReadContext, SourceFile } from "../source.ts";
import type { FileAtPath, Reader, Surroundings } from "./ports.ts";

export interface TestPlace extends Surroundings {
  /** `2026-11-25T12:00:00.000Z` until it is set. */
  time: Date;
  readonly home: string;
  /** Values of every indicator that is known now. */
  known(): Promise<readonly string[]>;
  close(): void;
}

export async function makePlace(sources: readonly IntelSource[], home = newFolder()): Promise<TestPlace> {
  const place = { time: new Date("2026-11-25T12:00:00Z") };
  const clock = { now: () => place.time };
  const base = await openIntel({ file: join(home, "intel.db"), clock, sources: [] });
  return Object.assign(place, {
    home,
    folder: join(home, "intel"),
    clock,
    sources,
    reader: directReader(clock),
    base,
    known: async () => base.answers().indicatorValues("domain"),
    close: () => {
      base.close();
      rmSync(home, { recursive: true, force: true });
    },
  });
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), "intel-sync-"));

function directReader(clock: { now(): Date }): Reader {
  const context = (skip: ReadContext["skip"], tell?: (sentence: string) => void): ReadContext => ({
    budget: new Budget(DEFAULT_LIMITS),
    now: clock.now(),
    scratchFolder: tmpdir(),
    skip,
    ...(tell !== undefined && { tell }),
  });
  const within = async <Result>(
    files: readonly FileAtPath[],
    work: (files: readonly SourceFile[]) => Promise<Result>,
  ): Promise<Result> => {
    using opened = new DisposableStack();
    const open = (path: string) => new FileSource(opened.adopt(openSync(path, "r"), closeSync));
    return await work(files.map(({ name, path }) => ({ name, source: open(path) })));
  };
  return {
    read: (source, files, skip, tell) =>
      within(files, async (read) => {
        const asOf = await source.asOf?.(read, context(skip));
        // All of it, so that the files can be closed; what reading throws is thrown where the facts are taken.
        const facts = await Array.fromAsync(source.read(read, context(skip, tell))).catch(
          (error: unknown) => error,
        );
        async function* taken(): AsyncIterable<Fact> {
          if (!Array.isArray(facts)) throw facts;
          yield* facts;
        }
        return { ...(asOf !== undefined && { asOf }), facts: taken() };
      }),
    follow: (source, files, skip = () => undefined) =>
      within(files, async (read) => (await source.follow?.(read, context(skip))) ?? []),
  };
}

interface Words {
  readonly date?: string;
  readonly words: readonly string[];
  /** Addresses of further files. */
  readonly more?: readonly string[];
}

async function wordsOf(file: SourceFile): Promise<Words> {
  const text = Buffer.from(await file.source.read(0, file.source.sizeBytes)).toString();
  try {
    const value: Words = JSON.parse(text);
    if (!Array.isArray(value.words)) throw new TypeError("no words");
    return value;
  } catch {
    throw FeedError.at(file.name, "holds no words");
  }
}

/** Its files are `{ "date": …, "words": […] }`; each word is an indicator, and an empty one a row that does not count. */
export function wordSource(id: string, more: Partial<IntelSource> = {}): IntelSource {
  return {
    id,
    title: `Words of ${id}`,
    answers: ["indicator"],
    document: "none",
    licence: "CC0-1.0",
    authority: "public",
    staleAfterDays: 7,
    onBadRow: "skip",
    recognises: (name) => name.startsWith(id),
    async *read(files, { skip }) {
      for (const file of files)
        for (const value of (await wordsOf(file)).words) {
          const indicator = { kind: "domain", value, title: "a word", references: [] } as const;
          if (value === "") skip({ file: file.name, because: "is empty" });
          else yield { kind: "indicator", indicator };
        }
    },
    async asOf(files) {
      const dates = await Promise.all(files.map(async (file) => (await wordsOf(file)).date ?? ""));
      return dates
        .filter((date) => date !== "")
        .sort()
        .at(-1);
    },
    ...more,
  };
}

/** Fetches what its files name, too. */
export const followingSource = (id: string, first: Download): IntelSource =>
  wordSource(id, {
    downloads: [first],
    follow: async (files) => {
      const all = await Promise.all(files.map(wordsOf));
      return all
        .flatMap(({ more = [] }) => more)
        .map((url) => ({ name: new URL(url).pathname, url, maxBytes: 1e6 }));
    },
  });
