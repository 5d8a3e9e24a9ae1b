/** Texts as lines a person can read: very long ones are broken where a statement ends. @module */

/** Longer lines are broken. */
const READABLE_CHARACTERS = 400;
/** No piece is longer. */
const PIECE_CHARACTERS = 2000;

/** @returns the lines, without what ends them */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.length <= READABLE_CHARACTERS) lines.push(line);
    else breakLine(line, lines);
  }
  return lines;
}

function breakLine(line: string, lines: string[]): void {
  let start = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    const isEnd = character === ";" || character === "{" || character === "}";
    if (!isEnd && at - start + 1 < PIECE_CHARACTERS) continue;
    lines.push(line.slice(start, at + 1));
    start = at + 1;
  }
  if (start < line.length) lines.push(line.slice(start));
}
