/** From a source's files to its facts in the store: all of them or none, and never older ones than are there. @module */

import { createHash } from "node:crypto";
import type { Fact } from "../fact.ts";
import { FeedError } from "../feed-error.ts";
import type { IntelSource, SkippedRow } from "../source.ts";
import type { StoredFile, StoredSnapshot } from "../store.ts";
import type { KeptFiles } from "./kept-files.ts";
import type { Surroundings } from "./ports.ts";

/** Clocks differ; but a file of the day after tomorrow would make every later one a replay. */
const FUTURE_MILLISECONDS = 48 * 60 * 60_000;
const MAX_SKIPS_TOLD = 20;
const MAX_TOLD = 20;

export interface Loading {
  readonly source: IntelSource;
  /** `""` for a source without parts. */
  readonly part: string;
  readonly files: readonly StoredFile[];
  /** When the files were fetched or brought. */
  readonly fetchedAt: Date;
  /** Documents that the source names and that are not to be had. */
  readonly missing?: readonly SkippedRow[];
}

export interface Loaded {
  readonly snapshot: StoredSnapshot;
  /** What stood in its place before. */
  readonly before?: StoredSnapshot;
  /** The first of the rows that did not count; the snapshot tells how many they are. */
  readonly skipped: readonly SkippedRow[];
  /** What is to be known of what counts: who signed it. */
  readonly told: readonly string[];
}

/** @throws FeedError; then everything is as it was */
export async function load(loading: Loading, kept: KeptFiles, place: Surroundings): Promise<Loaded> {
  const { source, part, files, fetchedAt, missing = [] } = loading;
  const before = snapshotOf(source, part, place);
  const skipped: SkippedRow[] = missing.slice(0, MAX_SKIPS_TOLD);
  let skippedRows = missing.length;
  const atPaths = files.map(({ name, sha256 }) => ({ name, path: kept.pathOf(sha256) }));
  const told: string[] = [];
  const skip = (problem: SkippedRow): void => {
    skippedRows += 1;
    if (skipped.length < MAX_SKIPS_TOLD) skipped.push(problem);
  };
  const reading = await place.reader.read(source, atPaths, skip, (sentence) => {
    if (told.length < MAX_TOLD) told.push(sentence);
  });
  try {
    const asOf = dateOf(loading, reading.asOf, place.clock.now());
    const sha256 = digestOfFiles(files);
    const snapshot = await place.base.load(
      {
        source,
        ...(part !== "" && { part }),
        asOf,
        fetchedAt,
        sha256,
        files,
        // A file's date is no word of its publisher's.
        allowOlder: reading.asOf === undefined,
      },
      { facts: requireFacts(reading.facts, source), skipped: () => skippedRows },
    );
    return { snapshot, ...(before !== undefined && { before }), skipped, told };
  } finally {
    // Refused by its date before a fact was taken, its reader would wait for ever for somebody who takes them.
    await reading.facts[Symbol.asyncIterator]().return?.();
  }
}

export const snapshotOf = (
  source: IntelSource,
  part: string,
  { base }: Pick<Surroundings, "base">,
): StoredSnapshot | undefined =>
  base.snapshots().find((one) => one.source === source.id && one.part === part);

/** That of the one file; of several, over their names and digests, whatever their order. */
export function digestOfFiles(files: readonly Pick<StoredFile, "name" | "sha256">[]): string {
  const [only, second] = files;
  if (only !== undefined && second === undefined) return only.sha256;
  const lines = files.map(({ name, sha256 }) => `${sha256}  ${JSON.stringify(name)}\n`).sort();
  return createHash("sha256").update(lines.join("")).digest("hex");
}

/** The data's own date. Of a file that was brought and names none, that of the file: nobody said that it is the newest. */
function dateOf({ source, files }: Loading, own: string | undefined, now: Date): string | undefined {
  if (own === undefined) return dateOfBrought(files, now);
  const time = Date.parse(own);
  if (Number.isNaN(time))
    throw new FeedError("feed.malformed", `${source.id}: names a date that is none: ${JSON.stringify(own)}`);
  if (time > now.getTime() + FUTURE_MILLISECONDS)
    throw new FeedError(
      "feed.malformed",
      `${source.id}: its data is of ${new Date(time).toISOString().slice(0, 10)}, which is still to come; is this machine's clock right?`,
    );
  return new Date(time).toISOString();
}

function dateOfBrought(files: readonly StoredFile[], now: Date): string | undefined {
  const brought = files.filter(({ url }) => url === undefined);
  const times = brought.map(({ lastModified = "" }) => Date.parse(lastModified)).filter(Number.isFinite);
  // Not all at once: a bundle may name more files than one call takes arguments.
  const earliest = times.reduce((least, time) => Math.min(least, time), now.getTime());
  return times.length === 0 ? undefined : new Date(earliest).toISOString();
}

/** A publisher that has nothing to say any more is more likely broken. */
async function* requireFacts(facts: AsyncIterable<Fact>, source: IntelSource): AsyncIterable<Fact> {
  let hasFacts = false;
  for await (const fact of facts) {
    hasFacts = true;
    yield fact;
  }
  if (!hasFacts) throw new FeedError("feed.malformed", `${source.id}: holds not a single fact`);
}
