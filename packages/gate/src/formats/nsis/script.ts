/**
 * The script of an installer: what it extracts, where to, and which block holds it. Only names come from here; that
 * every block is opened does not depend on it. Source: NSIS 3.08, Source/exehead/fileform.h (`header`, `entry`).
 * @module
 */

import type { Budget } from "@sallyport/core";
import { installerPath } from "../installer-path.ts";
import { OUT_FOLDER_VARIABLES, Strings } from "./strings.ts";

const BLOCKS = 8;
const ENTRIES_BLOCK = 2;
const STRINGS_BLOCK = 3;
const LANGUAGES_BLOCK = 4;
const ENTRY_BYTES = 28;
/** The stub's commands; later ones have moved between versions, these never did. */
const COMMAND = { setFolder: 11, extract: 20 } as const;
const MOST_NAMES = 200_000;
/** Of all names together. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** @returns for each block, by its place in the data, what it is called; fewer or none where the script is not understood */
export function readNames(header: Buffer, budget: Budget): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const blocks = findBlocks(header);
  const entries = blocks?.[ENTRIES_BLOCK];
  const strings = blocks?.[STRINGS_BLOCK];
  if (blocks === undefined || entries === undefined || strings === undefined) return names;
  const text = new Strings(header.subarray(strings.offset, blocks[LANGUAGES_BLOCK]?.offset));
  let folder = "$INSTDIR";
  let characters = 0;
  const count = Math.min(entries.count, Math.floor((strings.offset - entries.offset) / ENTRY_BYTES));
  for (let index = 0; index < count && names.size < MOST_NAMES; index += 1) {
    budget.checkTime();
    const entry = header.subarray(entries.offset + index * ENTRY_BYTES);
    const command = entry.readUInt32LE(0);
    if (command === COMMAND.setFolder && entry.readUInt32LE(8) !== 0)
      folder = expand(text.at(entry.readInt32LE(4)), folder);
    const place = entry.readInt32LE(12);
    if (command !== COMMAND.extract || names.has(place)) continue;
    const name = expand(text.at(entry.readInt32LE(8)), folder);
    const path = installerPath(isRooted(name) ? name : `${folder}\\${name}`);
    characters += path.length;
    if (characters > MOST_CHARACTERS) break;
    names.set(place, path);
  }
  return names;
}

const isRooted = (name: string): boolean => /^(?:\$|[a-zA-Z]:|\\)/.test(name);

function expand(text: string, folder: string): string {
  const own = OUT_FOLDER_VARIABLES.find((variable) => text.startsWith(variable));
  return own === undefined ? text : folder + text.slice(own.length);
}

interface BlockPlace {
  readonly offset: number;
  readonly count: number;
}

/** Behind the flags: places and counts, the places 32 bits wide, or 64 in a 64-bit stub. */
function findBlocks(header: Buffer): BlockPlace[] | undefined {
  return [8, 12].map((step) => readBlocks(header, step)).find((blocks) => blocks !== undefined);
}

function readBlocks(header: Buffer, step: number): BlockPlace[] | undefined {
  if (header.length < 4 + BLOCKS * step) return undefined;
  const blocks = Array.from({ length: BLOCKS }, (_, index) => ({
    offset: header.readUInt32LE(4 + index * step),
    high: step === 12 ? header.readUInt32LE(8 + index * step) : 0,
    count: header.readUInt32LE(step + index * step),
  }));
  // Pages, sections, entries, strings and languages follow each other; the others may be absent.
  const isPlausible = blocks
    .slice(0, LANGUAGES_BLOCK + 1)
    .every(
      ({ offset, high }, index) =>
        high === 0 && offset <= header.length && offset >= (blocks[index - 1]?.offset ?? 4 + BLOCKS * step),
    );
  return isPlausible ? blocks : undefined;
}
