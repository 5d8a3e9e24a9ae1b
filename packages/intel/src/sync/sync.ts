/** Asks publishers for what is new: each part of each source wholly or not at all, and none kept waiting by another's failure. @module */

import { UsageError } from "@sallyport/core";
import type { Fetcher } from "@sallyport/fetch";
import type { IntelSource } from "../source.ts";
import type { StoredSnapshot } from "../store.ts";
import { type DownloadProgress, download } from "./download.ts";
import { digestOfFiles, type Loaded, snapshotOf } from "./load.ts";
import type { Surroundings } from "./ports.ts";
import {
  isReadByThis,
  keptFilesOf,
  loadPart,
  problemOf,
  sourceNamed,
  tried,
  triesOf,
  withSource,
} from "./source-work.ts";
import { isFetched, type WantedPart, wantedParts } from "./wanted-parts.ts";

export interface SyncRequest {
  /** `kev`, `osv=npm`; none: everything that is fetched without being named, and what was named before. */
  readonly wanted: readonly string[];
  /** Read again what is here, also when nothing changed: a newer version of the program may read more of it. */
  readonly again?: boolean;
  readonly fetcher: Fetcher;
  /** Whether what is fetched may come over http, which anybody on the way can change. */
  readonly mayBePlain?: boolean;
  readonly onProgress?: (part: WantedPart, progress: DownloadProgress) => void;
  /** Told of each part when it is done. */
  readonly onDone?: (synced: Synced) => void;
}

export type Synced = { readonly source: IntelSource; readonly part: string } & (
  | ({ readonly outcome: "loaded"; readonly sizeBytes: number } & Loaded)
  | { readonly outcome: "unchanged"; readonly snapshot: StoredSnapshot }
  /** What was there before still counts. */
  | { readonly outcome: "failed"; readonly problem: string }
);

/**
 * @returns one for each part, in the order they were asked for
 * @throws UsageError for a source or part that there is not; before anything is fetched
 */
export async function sync(request: SyncRequest, place: Surroundings): Promise<readonly Synced[]> {
  const parts = await partsOf(request.wanted, place);
  const done: Synced[] = [];
  for (const wanted of parts) {
    const synced = await syncPart(wanted, request, place);
    if (synced.outcome !== "failed") await choose(wanted, place);
    request.onDone?.(synced);
    done.push(synced);
  }
  return done;
}

async function partsOf(wanted: readonly string[], place: Surroundings): Promise<readonly WantedPart[]> {
  const named = wanted.length === 0 ? await everything(place) : wanted.map((text) => split(text, place));
  const tries = triesOf(place);
  const parts: WantedPart[] = [];
  for (const { source, part } of named) {
    const { chosen } = await tries.of(source.id);
    const meant = part === undefined ? wantedParts(source, chosen) : wantedParts(source, [part]);
    if (meant.length === 0) throw nothingChosen(source);
    parts.push(...meant);
  }
  return parts;
}

async function everything(place: Surroundings): Promise<readonly Named[]> {
  const tries = triesOf(place);
  const named: Named[] = [];
  for (const source of place.sources) {
    const { chosen } = await tries.of(source.id);
    if (chosen.length > 0 || source.downloads !== undefined) named.push({ source, part: undefined });
  }
  return named;
}

interface Named {
  readonly source: IntelSource;
  readonly part: string | undefined;
}

function split(text: string, place: Surroundings): Named {
  const [id = "", ...rest] = text.split("=");
  return { source: sourceNamed(id, place), part: rest.length === 0 ? undefined : rest.join("=") };
}

/** What was named and could be had is remembered: the next time it need not be named. */
async function choose({ source, chosen }: WantedPart, place: Surroundings): Promise<void> {
  if (chosen === undefined) return;
  await withSource(source, place, async () => {
    const before = await triesOf(place).of(source.id);
    const others = source.downloads === undefined ? before.chosen.filter((one) => one !== chosen) : [];
    await triesOf(place).remember(source.id, { ...before, chosen: [...others, chosen] });
  });
}

async function syncPart(wanted: WantedPart, request: SyncRequest, place: Surroundings): Promise<Synced> {
  const { source, part } = wanted;
  try {
    return await withSource(source, place, () => syncLocked(wanted, request, place));
  } catch (error) {
    return { source, part, outcome: "failed", problem: problemOf(error) };
  }
}

async function syncLocked(wanted: WantedPart, request: SyncRequest, place: Surroundings): Promise<Synced> {
  const { source, part } = wanted;
  const before = snapshotOf(source, part, place);
  const fetchedAt = place.clock.now();
  const { files, missing, sizeBytes } = await tried(source, part, place, () =>
    download(wanted, {
      fetcher: request.fetcher,
      mayBePlain: request.mayBePlain === true,
      kept: keptFilesOf(place),
      place,
      before: before?.files ?? [],
      onProgress: (progress) => request.onProgress?.(wanted, progress),
    }),
  );
  const isSame = before !== undefined && before.sha256 === digestOfFiles(files);
  if (isSame && request.again !== true && (await isReadByThis(source, part, place))) {
    place.base.touch(source.id, part);
    const snapshot = snapshotOf(source, part, place) ?? before;
    return { source, part, outcome: "unchanged", snapshot };
  }
  const loaded = await loadPart({ source, part, files, fetchedAt, missing }, place);
  return { ...loaded, source, part, outcome: "loaded", sizeBytes };
}

function nothingChosen(source: IntelSource): UsageError {
  const { id, choice } = source;
  const example = choice === undefined ? "https://example.org/file.json" : choice.example;
  const what = choice === undefined ? "an address to fetch it from" : choice.title;
  const rest = isFetched(source) ? "" : ", or bring files of it with intel import";
  return new UsageError("usage.value", `${id}: name ${what}, for example ${id}=${example}${rest}`);
}
