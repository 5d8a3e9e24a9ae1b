/** Small pieces of text that every screen uses. @module */

import { styleText } from "node:util";

/** 1 536 bytes are `1.5 KB`: powers of 1024, as file managers show them. */
export function bytesText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

type Style = Parameters<typeof styleText>[0];

/** Colours text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

export const painter = (hasColour: boolean): Paint =>
  hasColour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;

/** Breaks at spaces; a word longer than the line is cut. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  const words = text.split(" ").flatMap((word) => pieces(word, columns));
  for (const word of words) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, columns: number): readonly string[] {
  if (word.length <= columns) return [word];
  const characters = [...word];
  return Array.from({ length: Math.ceil(characters.length / columns) }, (_, index) =>
    characters.slice(index * columns, (index + 1) * columns).join(""),
  );
}

/** Wrapped, the first line behind `mark`, the others behind `indent`. */
export function hang(
  mark: string,
  text: string,
  columns: number,
  indent = " ".repeat(mark.length),
): readonly string[] {
  return wrap(text, Math.max(20, columns - mark.length)).map(
    (line, index) => (index === 0 ? mark : indent) + line,
  );
}

/** Controls, and what is written backwards or not seen at all (Unicode categories Cc, Cf, Zl, Zp, Co, Cs). */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** Text of an attacker's making cannot move the cursor, hide, or turn the line around. */
export const printable = (text: string): string =>
  text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** Keeps both ends of a name that is longer than anybody reads: the kind of a file stands at its end. */
export function shortened(text: string, maxLength: number): string {
  const characters = [...text];
  if (characters.length <= maxLength) return text;
  const tail = Math.floor(maxLength / 3);
  return `${characters.slice(0, maxLength - tail - 1).join("")}…${characters.slice(-tail).join("")}`;
}

/** `1 fact`, `1,404 facts`. @param noun - of one */
export const counted = (amount: number, noun: string): string =>
  `${amount.toLocaleString("en")} ${noun}${amount === 1 ? "" : "s"}`;
