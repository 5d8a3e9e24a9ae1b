/** Has a source's files read in a process of its own, and hands on what it says as it comes. @module */

import { createScratch, explainStop, runCaged } from "@sallyport/cage";
import { DEFAULT_LIMITS, type JsonObject, type Limits, UsageError, WorldError } from "@sallyport/core";
import type { Fact } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import type { Download, IntelSource, SkippedRow } from "../source.ts";
import type { FileAtPath } from "../sync/ports.ts";
import { type ReadingMessage, readMessage } from "./message.ts";
import { openFiles } from "./open-files.ts";
import type { Ask, ReadingRequest } from "./request.ts";

export interface Reading {
  readonly source: IntelSource;
  readonly files: readonly FileAtPath[];
  readonly now: Date;
  /** Where scratch folders are made; private to this user. */
  readonly scratchRoot: string;
  readonly limits?: Partial<Limits>;
  /** Of the reading process, resident; 1 GiB when left out. */
  readonly maxMemoryBytes?: number;
  /** Public keys that sealed files count under, PEM. */
  readonly trustedKeys?: readonly string[];
  /** Another program; for tests of the isolation itself. */
  readonly entry?: URL;
}

export interface ReadingListener {
  /** The data's own date, before any fact. */
  asOf?(asOf: string): void;
  /** As they come; nothing more is read before what it hands out is settled. */
  facts(facts: readonly Fact[]): Promise<void> | undefined;
  skipped?(row: SkippedRow): void;
  told?(sentence: string): void;
}

const DEFAULT_MEMORY_BYTES = 1024 ** 3;
/** A source may have ten million rows. */
const MAX_CHARACTERS = 64 * 1024 ** 3;
const READING_LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  entries: 5_000_000,
  bytes: 64 * 1024 ** 3,
  milliseconds: 60 * 60_000,
};

const isSource = import.meta.url.endsWith(".ts");
const readingEntry = new URL(isSource ? "./main.ts" : "./reading.js", import.meta.url);

/**
 * Reads everything the files say. What was told before a failure does not count: it is the caller who stores all of it or
 * nothing.
 * @throws FeedError when the files cannot count; WorldError `world.process`, `world.io`
 */
export async function readFacts(reading: Reading, listener: ReadingListener): Promise<void> {
  await run("read", reading, listener);
}

/** @returns what has to be fetched beside these files. @throws as {@link readFacts} does */
export async function readDownloads(
  reading: Reading,
  skipped: (row: SkippedRow) => void = () => undefined,
): Promise<readonly Download[]> {
  if (reading.source.follow === undefined) return [];
  return (await run("follow", reading, { facts: () => undefined, skipped })).downloads;
}

async function run(ask: Ask, reading: Reading, listener: ReadingListener): Promise<Hearing> {
  using opened = new DisposableStack();
  const scratch = opened.adopt(createScratch(reading.scratchRoot), ({ remove }) => remove());
  const { files, descriptors } = openFiles(reading.files, scratch.folder, opened);
  const limits = { ...READING_LIMITS, ...reading.limits };
  const request: ReadingRequest = {
    ask,
    source: reading.source.id,
    files,
    limits,
    now: reading.now.toISOString(),
    scratchFolder: scratch.folder,
    trustedKeys: reading.trustedKeys ?? [],
  };
  const hearing = new Hearing(listener);
  const stopped = await runCaged({
    entry: reading.entry ?? readingEntry,
    request: JSON.stringify(request),
    descriptors,
    scratchFolder: scratch.folder,
    milliseconds: limits.milliseconds,
    maxMemoryBytes: reading.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
    maxCharacters: MAX_CHARACTERS,
    hear: (line) => hearing.hear(readMessage(line)),
    keepUp: () => hearing.handOn(),
  });
  await hearing.settled();
  hearing.rethrow();
  if (stopped !== undefined) throw stopError(reading, stopped);
  return hearing;
}

function stopError({ source }: Reading, stopped: JsonObject): FeedError {
  const code = stopped.code === "artifact.over-limit" ? "feed.over-limit" : "feed.malformed";
  return new FeedError(code, `${source.id}: reading its files ${explainStop(stopped)}`);
}

/** What the process said, handed on in pieces. */
class Hearing {
  readonly #listener: ReadingListener;
  #facts: Fact[] = [];
  #pending: Promise<void> = Promise.resolve();
  #failure: unknown;
  downloads: readonly Download[] = [];

  constructor(listener: ReadingListener) {
    this.#listener = listener;
  }

  /** @returns whether that was the last word */
  hear(message: ReadingMessage): boolean {
    // Whoever listened wants no more of it.
    if (this.#failure !== undefined) throw new Error("the reading was ended");
    switch (message.type) {
      case "fact":
        this.#facts.push(message.fact);
        return false;
      case "as-of":
        this.#listener.asOf?.(message.asOf);
        return false;
      case "skipped":
        this.#listener.skipped?.(message.row);
        return false;
      case "told":
        this.#listener.told?.(message.sentence);
        return false;
      case "downloads":
        this.downloads = message.downloads;
        return false;
      case "failed":
        this.#failure ??= errorOf(message.code, message.message);
        return true;
      case "end":
        return true;
    }
  }

  handOn(): Promise<void> | undefined {
    if (this.#facts.length === 0) return undefined;
    const facts = this.#facts;
    this.#facts = [];
    this.#pending = this.#pending.then(async () => {
      if (this.#failure === undefined) await this.#listener.facts(facts);
    });
    return this.#pending.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  async settled(): Promise<void> {
    await this.handOn();
    await this.#pending.catch(() => undefined);
  }

  rethrow(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

type FeedCode = ConstructorParameters<typeof FeedError>[0];
const FEED_CODES: ReadonlySet<string> = new Set<FeedCode>([
  "feed.malformed",
  "feed.truncated",
  "feed.over-limit",
  "feed.signature",
  "feed.replayed",
]);

/** Other errors of ours that a source may throw are about the bytes as well: a broken archive, a spent budget. */
function errorOf(code: string, message: string): Error {
  if (FEED_CODES.has(code)) return new FeedError(code as FeedCode, message);
  if (code === "usage.value") return new UsageError("usage.value", message);
  if (code.startsWith("world.")) return new WorldError("world.io", message);
  return new FeedError(code === "artifact.over-limit" ? "feed.over-limit" : "feed.malformed", message);
}
