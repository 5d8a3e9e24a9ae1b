/**
 * Names that look like another. Source: Unicode Technical Standard #39, 4 Confusable Detection (skeletons), 5.2
 * Restriction-Level Detection (mixed scripts).
 * @module
 */

import data from "./look-alike-letters.json" with { type: "json" };

const ASCII_OF = new Map(
  Object.entries(data.letters).flatMap(([ascii, letters]) =>
    [...letters].map((letter) => [letter, ascii] as const),
  ),
);

/** Letters and pairs of ASCII that are hard to tell apart in a line of text. */
const ASCII_LOOKS: readonly (readonly [RegExp, string])[] = [
  [/0/g, "o"],
  [/[1i|]/g, "l"],
  [/rn/g, "m"],
  [/vv/g, "w"],
];

/** @returns equal texts for texts that look alike; marks above and below letters are left out */
export function skeletonOf(text: string): string {
  const letters = [...text.toLowerCase().normalize("NFD")]
    .map((letter) => ASCII_OF.get(letter) ?? letter)
    .join("")
    .replace(/\p{Mn}/gu, "");
  return ASCII_LOOKS.reduce((look, [from, to]) => look.replace(from, to), letters);
}

/** Scripts that are written together, and are no deceit. */
const TOGETHER: readonly ReadonlySet<string>[] = [
  new Set(["Latin", "Han", "Hiragana", "Katakana"]),
  new Set(["Latin", "Han", "Bopomofo"]),
  new Set(["Latin", "Han", "Hangul"]),
];
const SCRIPTS = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Han",
  "Hiragana",
  "Katakana",
  "Bopomofo",
  "Hangul",
  "Armenian",
  "Hebrew",
  "Arabic",
];
const PATTERNS = SCRIPTS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, "u")] as const);

/** @returns the scripts of one label that are not written together; nothing when they are */
export function mixedScripts(label: string): readonly string[] {
  const scripts = PATTERNS.filter(([, pattern]) => pattern.test(label)).map(([script]) => script);
  const isUsual = scripts.length < 2 || TOGETHER.some((set) => scripts.every((script) => set.has(script)));
  return isUsual ? [] : scripts;
}

/** True for a label without an ASCII letter all of which looks like ASCII: `аррӏе`. */
export function looksAscii(label: string): boolean {
  if (/[a-z]/.test(label) || !/\p{L}/u.test(label)) return false;
  return [...label.normalize("NFD")].every((letter) => ASCII_OF.has(letter) || /[0-9-]|\p{Mn}/u.test(letter));
}

/**
 * Letters that have to be put in, taken out, changed or swapped with their neighbour to make one of the other.
 * @returns at most `limit + 1`
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.length > 253 || b.length > 253) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, current];
  }
  return Math.min(last[b.length] ?? limit + 1, limit + 1);
}
