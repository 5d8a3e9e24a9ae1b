/** One piece of work on one source at a time, however many processes want to. @module */

import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { SallyportError, UsageError, WorldError } from "@sallyport/core";
import { type FileLock, tryFileLock } from "@sallyport/store";
import type { IntelSource } from "../source.ts";
import { KeptFiles } from "./kept-files.ts";
import { type Loaded, type Loading, load } from "./load.ts";
import type { Surroundings } from "./ports.ts";
import { type Tries, TriesStore } from "./tries.ts";

const POLL_MILLISECONDS = 100;
/** A first sync of the largest sources takes minutes. */
const WAIT_MILLISECONDS = 30 * 60_000;

export const keptFilesOf = ({ folder, clock }: Surroundings): KeptFiles =>
  new KeptFiles(join(folder, "files"), clock);
export const triesOf = ({ folder }: Surroundings): TriesStore => new TriesStore(join(folder, "sources"));

/** @throws UsageError `usage.value` naming those that there are */
export function sourceNamed(id: string, { sources }: Pick<Surroundings, "sources">): IntelSource {
  const source = sources.find((one) => one.id === id);
  if (source !== undefined) return source;
  const known = sources.map((one) => one.id).join(", ");
  throw new UsageError("usage.value", `${id}: no source has this name; expected one of ${known}`);
}

/** Runs `work` while nobody else works on the source. */
export async function withSource<Result>(
  source: IntelSource,
  place: Surroundings,
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = await waitForLock(join(place.folder, "locks", source.id), source);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/**
 * Reads files and stores their facts, remembers how it went, and lets files go that nothing refers to any more. Only while
 * the source is locked.
 * @throws FeedError; then facts and files are as they were
 */
export async function loadPart(loading: Loading, place: Surroundings): Promise<Loaded> {
  const { source, part } = loading;
  const kept = keptFilesOf(place);
  const loaded = await tried(source, part, place, () => load(loading, kept, place), place.version);
  const referred = place.base.snapshots().flatMap(({ files }) => files.map(({ sha256 }) => sha256));
  await kept.prune(new Set(referred));
  return loaded;
}

/** @returns whether this version of the program read what is there: another one may understand more of it, or less */
export async function isReadByThis(source: IntelSource, part: string, place: Surroundings): Promise<boolean> {
  if (place.version === undefined) return true;
  const { parts } = await triesOf(place).of(source.id);
  return parts[part]?.readBy === place.version;
}

/**
 * Remembers when this was tried, and why it went wrong.
 * @param readBy - version of the program whose reading counts from now on, when it goes well; the last one's when left out
 */
export async function tried<Result>(
  source: IntelSource,
  part: string,
  place: Surroundings,
  work: () => Promise<Result>,
  readBy?: string,
): Promise<Result> {
  const tries = triesOf(place);
  const remember = async (problem: string | undefined) => {
    const before: Tries = await tries.of(source.id);
    const at = place.clock.now().toISOString();
    const reader =
      problem === undefined ? (readBy ?? before.parts[part]?.readBy) : before.parts[part]?.readBy;
    const told = {
      ...(problem !== undefined && { problem }),
      ...(reader !== undefined && { readBy: reader }),
    };
    const parts = { ...before.parts, [part]: { at, ...told } };
    await tries.remember(source.id, { ...before, parts });
  };
  try {
    const result = await work();
    await remember(undefined);
    return result;
  } catch (error) {
    await remember(problemOf(error)).catch(() => undefined);
    throw error;
  }
}

/** For people: what went wrong with a source, never a stack. */
export const problemOf = (error: unknown): string =>
  error instanceof SallyportError ? error.message : `something went wrong inside Sallyport: ${String(error)}`;

async function waitForLock(file: string, { id }: IntelSource): Promise<FileLock> {
  const deadline = performance.now() + WAIT_MILLISECONDS;
  for (;;) {
    const lock = tryFileLock(file);
    if (lock !== undefined) return lock;
    if (performance.now() > deadline)
      throw new WorldError("world.store", `${id}: another process works on it; try again later`);
    await delay(POLL_MILLISECONDS);
  }
}
