/** Whether an address in a script stands in a comment: there it is for people. @module */

const MOST_LINE_BYTES = 400;
/** What a line of a comment begins with. `*` begins the lines of a block, followed by a space. */
const BEGINS = /^\s*(?:\/\/|\/\*|\* |#(?!!)|--\s|;|<!--|@?rem\s|'{3}|"{3})/i;
const MARKS = ["// ", "/* ", "# "];
const QUOTES = /["'`]/;

/** @param index - of the address in the bytes. A guess that a quote right before the address, or behind the mark, rules out */
export function isInComment(bytes: Buffer, index: number): boolean {
  const start = Math.max(0, index - MOST_LINE_BYTES);
  const near = bytes.toString("latin1", start, index);
  const lineStart = near.lastIndexOf("\n") + 1;
  const line = near.slice(lineStart);
  if (QUOTES.test(line.at(-1) ?? "")) return false;
  if (lineStart > 0 || start === 0) {
    if (BEGINS.test(line) && !line.includes("*/")) return true;
  }
  const mark = Math.max(...MARKS.map((text) => line.lastIndexOf(text)));
  return mark >= 0 && !QUOTES.test(line.slice(mark)) && !line.slice(mark).includes("*/");
}

/**
 * Whether words, a gap or a bracket stand before an address.
 * @param index - of the last letter of the scheme
 */
export function isAfterText(bytes: Buffer, index: number, scheme: string): boolean {
  const before = bytes[index - scheme.length];
  return before === 0x20 || before === 0x28 || before === 0x3c || before === 0x5b || before === 0x09;
}
