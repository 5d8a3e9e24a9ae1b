/**
 * Parts of an image that ELF and Mach-O files have alike: where code begins, what runs before, lists of names.
 * @module
 */

import { type Budget, type ByteSource, readExactly } from "@sallyport/core";
import { landingOf, leavesFor } from "../traits/executable/entry-code.ts";
import type {
  EntryPoint,
  Initialiser,
  InitialiserList,
  NameList,
  Overlay,
  Region,
} from "../traits/executable/facts.ts";
import { lookAt } from "../traits/executable/measure.ts";
import { nameList } from "../traits/executable/names.ts";
import { isTelling } from "../traits/imports/powers.ts";

/** How many characters the lists of one image may take, so that they stay below what one image may. */
export const MAX_CHARACTERS = { imports: 72_000, exports: 56_000, libraries: 16_000, others: 8_000 } as const;
const ENTRY_BYTES = 64;
const LANDING_BYTES = 16;
const MAX_INITIALISERS = 512;
const MAX_NAME_CHARACTERS = 256;
const QUOTES_AND_COMMA = 3;

/** @returns index of the region that an address lies in; -1 for none */
export const regionAt = (regions: readonly Region[], address: number): number =>
  regions.findIndex(
    (region) =>
      region.access !== "---" && address >= region.address && address - region.address < region.memoryBytes,
  );

interface Entry {
  readonly address: number;
  readonly architecture: string;
  readonly regions: readonly Region[];
  readonly offsetOf: (address: number) => number | undefined;
}

export async function readEntry(
  source: ByteSource,
  { address, architecture, regions, offsetOf }: Entry,
): Promise<EntryPoint> {
  const read = (at: number): Promise<Buffer> => readUpTo(source, offsetOf(at));
  const offsetBytes = offsetOf(address);
  const region = regionAt(regions, address);
  const steps = { read, isHome: (at: number) => regionAt(regions, at) === region };
  const outside = await leavesFor(address, architecture, steps);
  const landing = await landingOf(address, architecture, steps);
  return {
    address,
    ...(offsetBytes !== undefined && { offsetBytes }),
    ...(region >= 0 && { region }),
    hex: (await read(address)).toString("hex"),
    ...(landing !== address && { landing: (await read(landing)).toString("hex", 0, LANDING_BYTES) }),
    ...(outside !== undefined && { leadsTo: regionAt(regions, outside) }),
  };
}

async function readUpTo(source: ByteSource, offsetBytes: number | undefined): Promise<Buffer> {
  if (offsetBytes === undefined || offsetBytes < 0 || offsetBytes >= source.sizeBytes) return Buffer.alloc(0);
  return readExactly(
    source,
    offsetBytes,
    Math.min(ENTRY_BYTES, source.sizeBytes - offsetBytes),
    "executable",
  );
}

/** @param found - with addresses where they are known */
export function initialiserList(
  found: Iterable<{ readonly kind: string; readonly address?: number | undefined }>,
  regions: readonly Region[],
): InitialiserList {
  const counts = new Map<string, number>();
  const entries: Initialiser[] = [];
  for (const { kind, address } of found) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (entries.length >= MAX_INITIALISERS) continue;
    entries.push(address === undefined ? { kind } : { kind, address, region: regionAt(regions, address) });
  }
  return { counts: Object.fromEntries([...counts].toSorted()), entries };
}

/** What stands behind everything that the headers claim. */
export async function readOverlay(
  source: ByteSource,
  endBytes: number,
  budget: Budget,
): Promise<Overlay | undefined> {
  const sizeBytes = source.sizeBytes - endBytes;
  if (sizeBytes <= 0) return undefined;
  const range = { offsetBytes: endBytes, sizeBytes };
  return { ...range, ...(await lookAt(source, range, budget)) };
}

/** A list of names that takes at most so many characters of what is kept. */
export function boundedNames(names: Iterable<string>, maxCharacters: number): NameList {
  const sorted = [...new Set(names)].sort();
  return nameList(sorted, howMany(sorted, maxCharacters));
}

/** Imports that give some power are kept before all others: many harmless ones push none of them out. */
export function boundedImports(names: Iterable<string>): NameList {
  const sorted = [...new Set(names)].sort();
  const cap = howMany(sorted, MAX_CHARACTERS.imports);
  const whole = nameList(sorted, cap);
  if (cap === sorted.length) return whole;
  const telling = sorted.filter(isTelling);
  const others = sorted.filter((name) => !isTelling(name));
  const ordered = [...telling, ...others];
  const kept = ordered.slice(0, howMany(ordered, MAX_CHARACTERS.imports));
  return { ...whole, names: nameList(kept, kept.length).names };
}

/** How many of the first fit. */
function howMany(names: readonly string[], maxCharacters: number): number {
  let [count, characters] = [0, 0];
  for (const name of names) {
    characters += Math.min(name.length, MAX_NAME_CHARACTERS) + QUOTES_AND_COMMA;
    if (characters > maxCharacters) break;
    count += 1;
  }
  return count;
}

/** Values of a build mark: sorted, without repetition, few and short. */
export const markValues = (values: Iterable<string>): readonly string[] =>
  [...new Set([...values].map((value) => value.slice(0, MAX_NAME_CHARACTERS)))].sort().slice(0, MAX_MARKS);

const MAX_MARKS = 32;

/** Marks that have a value. */
export const presentMarks = (
  marks: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Object.entries(marks).filter(([, values]) => values.length > 0));
