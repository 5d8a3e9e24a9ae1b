/** What the comparing traits ask of two executables alike. @module */

import type { Difference, Excerpt } from "../trait.ts";
import type { ExecutableFacts, NameList, Region } from "./facts.ts";
import type { ExecutablePair } from "./index.ts";

/** Names that are only in the second list, sorted. Of lists that were cut, what was kept. */
export function gained(before: NameList, after: NameList): string[] {
  const known = new Set(before.names);
  return after.names.filter((name) => !known.has(name));
}

/** Both come from one run of the linker, by their own word. */
export const isSameLink = ({ before, after }: ExecutablePair): boolean =>
  before.linkId !== undefined && before.linkId === after.linkId;

/** Nothing says that the linker ran again: one link id, or none and one time. */
export const mayBeSameLink = ({ before, after }: ExecutablePair): boolean =>
  before.linkId === after.linkId && before.linkedAt === after.linkedAt;

/** Regions of one name and place in the list of that name: linkers do write two of one name. */
export function pairRegions({ before, after }: ExecutablePair): {
  readonly pairs: readonly (readonly [Region, Region])[];
  readonly added: readonly Region[];
} {
  const waiting = new Map<string, Region[]>();
  for (const region of before.regions)
    waiting.set(region.name, [...(waiting.get(region.name) ?? []), region]);
  const pairs: (readonly [Region, Region])[] = [];
  const added: Region[] = [];
  for (const region of after.regions) {
    const old = waiting.get(region.name)?.shift();
    if (old === undefined) added.push(region);
    else pairs.push([old, region]);
  }
  return { pairs, added };
}

export interface CodeChange {
  readonly region: string;
  readonly blocks: number;
  readonly changedBlocks: number;
  readonly blockBytes: number;
  /** Where the first changed block begins, in each file. */
  readonly beforeOffsetBytes: number;
  readonly afterOffsetBytes: number;
}

/** Code that stands at the same address in both and is not the same, with how much of it changed. */
export function changedCode(pair: ExecutablePair): CodeChange[] {
  const changes: CodeChange[] = [];
  for (const [before, after] of pairRegions(pair).pairs) {
    if (!before.isCode || !after.isCode || before.sha256 === after.sha256) continue;
    if (before.address !== after.address || before.blockBytes !== after.blockBytes) continue;
    if (before.blocks === undefined || after.blocks === undefined) continue;
    changes.push(compareBlocks(before, after));
  }
  return changes;
}

const BLOCK_DIGITS = 8;

function compareBlocks(before: Region, after: Region): CodeChange {
  const [old, now] = [before.blocks ?? "", after.blocks ?? ""];
  const blocks = Math.max(old.length, now.length) / BLOCK_DIGITS;
  const blockBytes = after.blockBytes ?? 0;
  let changedBlocks = 0;
  let first: number | undefined;
  for (let at = 0; at < blocks * BLOCK_DIGITS; at += BLOCK_DIGITS) {
    if (old.slice(at, at + BLOCK_DIGITS) === now.slice(at, at + BLOCK_DIGITS)) continue;
    changedBlocks += 1;
    first ??= at / BLOCK_DIGITS;
  }
  return {
    region: after.name,
    blocks,
    changedBlocks,
    blockBytes,
    beforeOffsetBytes: before.offsetBytes + (first ?? 0) * blockBytes,
    afterOffsetBytes: after.offsetBytes + (first ?? 0) * blockBytes,
  };
}

/** Some code is in both and none of it was changed. */
export function isCodeKept(pair: ExecutablePair): boolean {
  const code = pairRegions(pair).pairs.filter(([before]) => before.isCode && before.sha256 !== undefined);
  return code.length > 0 && code.every(([before, after]) => before.sha256 === after.sha256);
}

/** Everything that is neither code nor resources is the same: not even a version text was changed. */
export function isDataKept(pair: ExecutablePair): boolean {
  const data = pairRegions(pair).pairs.filter(([before]) => !before.isCode && !MOVABLE.has(before.name));
  return data.length > 0 && data.every(([before, after]) => before.sha256 === after.sha256);
}

/** Tools for resources rewrite the one and move the other, without touching what was linked. */
const MOVABLE: ReadonlySet<string> = new Set([".rsrc", ".reloc"]);

/** A region that tools add to what was linked long before, and that is not run. */
export const isMovable = ({ name }: Region): boolean => MOVABLE.has(name);

const MAX_TEXT_LENGTH = 4000;

/** Names, one a line, as many as may be shown. */
export function listed(names: readonly string[]): Excerpt {
  const text = names.join("\n");
  if (text.length <= MAX_TEXT_LENGTH) return { text };
  const cut = text.slice(0, text.lastIndexOf("\n", MAX_TEXT_LENGTH - 10));
  return { text: `${cut}\n…` };
}

/** Names in a sentence: the first few, and how many more. */
export function inWords(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** Both sides, without one that has nothing to show. */
export const sides = (before: Excerpt, after: Excerpt): Pick<Difference, "before" | "after"> => ({
  ...(before.text !== "" && { before }),
  ...(after.text !== "" && { after }),
});

/** A region as it is shown. */
export const regionExcerpt = (region: Region): Excerpt => ({
  offsetBytes: region.offsetBytes,
  text: `${region.name} ${region.access}, ${region.memoryBytes} bytes in memory, ${region.fileBytes} in the file`,
});

const SHOWN_DIGITS = 32;

export const entryExcerpt = ({ entry, regions }: ExecutableFacts): Excerpt => ({
  ...(entry?.offsetBytes !== undefined && { offsetBytes: entry.offsetBytes }),
  ...(entry !== undefined && { hex: entry.hex }),
  text: `${entry?.hex.slice(0, SHOWN_DIGITS) ?? ""} at address 0x${(entry?.address ?? 0).toString(16)} in ${regions[entry?.region ?? -1]?.name ?? "no section"}`,
});
