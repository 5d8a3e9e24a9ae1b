/** Unified hunks, bounded in the time they take and in how much of them is shown. @module */

import { diffArrays } from "diff";

export interface Hunks {
  readonly added: number;
  readonly removed: number;
  /** Unified, at most {@link SHOWN_CHARACTERS}. */
  readonly shown: string;
}

/** What an excerpt may hold. */
export const SHOWN_CHARACTERS = 4000;
/** Lines around a change. */
const CONTEXT_LINES = 2;
/** Insertions and deletions; the time goes with the square of it. */
const MOST_EDITS = 1000;
/** Only lines that were made for it take that long: an ordinary pair looks the same on every machine. */
const MOST_MILLISECONDS = 3000;
/** Of one line, when it is shown. */
const LINE_CHARACTERS = 300;

interface Edit {
  readonly mark: " " | "+" | "-";
  readonly line: string;
  readonly oldLine: number;
  readonly newLine: number;
}

/** @returns undefined when the two have too little in common for hunks */
export function hunksOf(before: readonly string[], after: readonly string[]): Hunks | undefined {
  const changes = diffArrays([...before], [...after], {
    maxEditLength: MOST_EDITS,
    timeout: MOST_MILLISECONDS,
  });
  if (changes === undefined) return undefined;
  const edits: Edit[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (const { added, removed, value } of changes)
    for (const line of value) {
      edits.push({ mark: added ? "+" : removed ? "-" : " ", line, oldLine, newLine });
      if (!added) oldLine += 1;
      if (!removed) newLine += 1;
    }
  const count = (mark: Edit["mark"]): number => edits.filter((edit) => edit.mark === mark).length;
  return { added: count("+"), removed: count("-"), shown: showHunks(edits) };
}

function showHunks(edits: readonly Edit[]): string {
  const hunks = rangesOf(edits);
  const shown: string[] = [];
  let length = 0;
  for (const [at, [start, end]] of hunks.entries()) {
    const hunk = hunkOf(edits.slice(start, end));
    const room = SHOWN_CHARACTERS - length - MORE_CHARACTERS;
    if (hunk.length > room) {
      const whole = hunk.slice(0, Math.max(0, room)).split("\n").slice(0, -1);
      shown.push(...whole, `… and ${hunks.length - at} more`);
      break;
    }
    shown.push(hunk);
    length += hunk.length + 1;
  }
  return shown.join("\n");
}

/** Room for the line that says how much is left out. */
const MORE_CHARACTERS = 32;

/** Where changes stand with the lines around them; those that touch are one. */
function rangesOf(edits: readonly Edit[]): (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const [at, { mark }] of edits.entries()) {
    if (mark === " ") continue;
    const start = Math.max(0, at - CONTEXT_LINES);
    const end = Math.min(edits.length, at + 1 + CONTEXT_LINES);
    const last = ranges.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
  }
  return ranges;
}

function hunkOf(edits: readonly Edit[]): string {
  const [first] = edits;
  const oldLines = edits.filter(({ mark }) => mark !== "+").length;
  const newLines = edits.filter(({ mark }) => mark !== "-").length;
  const head = `@@ -${first?.oldLine ?? 0},${oldLines} +${first?.newLine ?? 0},${newLines} @@`;
  return [head, ...edits.map(({ mark, line }) => mark + shorten(line))].join("\n");
}

const shorten = (line: string): string =>
  visible(line.length <= LINE_CHARACTERS ? line : `${line.slice(0, LINE_CHARACTERS)}…`);

/** What a screen would hide or obey is spelled: a hunk shows what is there. */
const visible = (line: string): string =>
  line.replaceAll(/[^\P{C}\t]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });

/** What is new, when hunks would be too many: lines that were nowhere before, in order. */
export function countNewLines(before: readonly string[], after: readonly string[]): Hunks {
  const old = new Set(before);
  const current = new Set(after);
  const added = after.filter((line) => !old.has(line));
  const removed = before.filter((line) => !current.has(line));
  const shown: string[] = [];
  let length = 0;
  for (const line of added) {
    if (line.trim() === "") continue;
    const piece = `+${shorten(line)}`;
    length += piece.length + 1;
    if (length > SHOWN_CHARACTERS - MORE_CHARACTERS) {
      shown.push("… and more");
      break;
    }
    shown.push(piece);
  }
  return { added: added.length, removed: removed.length, shown: shown.join("\n") };
}
