/**
 * Needles of a pattern: lower-case texts that stand, in either case, in each of its matches. They are read off our own rules
 * only; where none can be told, the pattern is taken to match anything.
 * Source: YARA documentation, "Text strings", "Regular expressions".
 * @module
 */

/** Shorter ones would be found everywhere. */
const LEAST_CHARACTERS = 3;

/** One of these stands in every match. */
export type Choice = readonly string[];
/** Of each of these choices, something stands in every match; none: every file may hold a match. */
export type Needles = readonly Choice[];

/** @param literal - of a text string, its escapes resolved */
export const needlesOfText = (literal: string): Needles => [[literal.toLowerCase()]].filter(isTelling);

/**
 * Base64 writes a text in three ways, by where it begins; the characters at either end depend on what stands beside it.
 * @param widthBytes - of each character before it was encoded
 */
export function base64Of(literal: string, widthBytes: 1 | 2): Choice {
  const bytes = Buffer.from(literal, widthBytes === 1 ? "latin1" : "utf16le");
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return text
      .slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6))
      .toLowerCase();
  });
}

/** @param source - between the slashes */
export function needlesOfRegex(source: string): Needles {
  const alternatives = splitAlternatives(source).map(needlesOfSequence);
  const [only, second] = alternatives;
  if (only !== undefined && second === undefined) return only;
  // Of several, one choice of each is kept, the one whose texts are longest.
  const longest = alternatives.map((needles) => needles.toSorted((a, b) => score(b) - score(a))[0]);
  return longest.includes(undefined) ? [] : [longest.flatMap((choice) => choice ?? [])];
}

/** Runs of characters, and what must stand in groups. */
function needlesOfSequence(source: string): Needles {
  const needles: Choice[] = [];
  let run = "";
  for (let at = 0; at < source.length; ) {
    const atom = readAtom(source, at);
    const { text, minimum, end } = readQuantifier(source, atom.end);
    if (atom.literal !== undefined && minimum > 0) run += atom.literal;
    if (atom.literal === undefined || text !== "") {
      needles.push([run.toLowerCase()]);
      run = "";
    }
    if (atom.group !== undefined && minimum > 0) needles.push(...needlesOfRegex(atom.group));
    at = end;
  }
  return [...needles, [run.toLowerCase()]].filter(isTelling);
}

const score = (choice: Choice): number => Math.min(...choice.map((needle) => needle.length));
export const isTelling = (choice: Choice): boolean => score(choice) >= LEAST_CHARACTERS;

interface Atom {
  /** Absent for what is no single, known character. An anchor is a literal of none. */
  readonly literal?: string;
  /** What stands between round brackets. */
  readonly group?: string;
  readonly end: number;
}

function readAtom(source: string, at: number): Atom {
  const character = source.charAt(at);
  switch (character) {
    case "(":
      return { group: source.slice(at + 1, closing(source, at) - 1), end: closing(source, at) };
    case "[":
      return { end: closing(source, at) };
    case ".":
      return { end: at + 1 };
    case "^":
    case "$":
      return { literal: "", end: at + 1 };
    case "\\":
      return readEscape(source, at);
    default:
      return { literal: character, end: at + 1 };
  }
}

function readEscape(source: string, at: number): Atom {
  const character = source.charAt(at + 1);
  if (character === "x") return { end: at + 4 };
  if (character === "b") return { literal: "", end: at + 2 };
  return /[A-Za-z0-9]/.test(character) ? { end: at + 2 } : { literal: character, end: at + 2 };
}

function readQuantifier(source: string, at: number): { text: string; minimum: number; end: number } {
  const [text = "", least] = /^(?:[*?]|\+|\{(\d*),?\d*\})\??/.exec(source.slice(at, at + 24)) ?? [];
  const isOptional = text.startsWith("*") || text.startsWith("?");
  return { text, minimum: isOptional ? 0 : Number(least ?? 1), end: at + text.length };
}

/** @returns the offset behind the bracket that closes the one at `at` */
function closing(source: string, at: number): number {
  const isClass = source.charAt(at) === "[";
  let depth = 0;
  for (let index = at; index < source.length; index += 1) {
    const character = source.charAt(index);
    if (character === "\\") index += 1;
    else if (isClass && character === "]" && index > at + 1) return index + 1;
    else if (!isClass && character === "[") index = closing(source, index) - 1;
    else if (!isClass && character === "(") depth += 1;
    else if (!isClass && character === ")") {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return source.length;
}

function splitAlternatives(source: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < source.length; ) {
    const character = source.charAt(at);
    if (character === "|") {
      parts.push(source.slice(start, at));
      start = at + 1;
    }
    at = character === "(" || character === "[" ? closing(source, at) : at + (character === "\\" ? 2 : 1);
  }
  return [...parts, source.slice(start)];
}
