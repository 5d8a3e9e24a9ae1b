/** Whether an address in a script stands in a comment: there it is for people. @module */

const MOST_LINE_BYTES = 400;
/** What a line of a comment begins with. `*` begins the lines of a block, followed by a space. */
const BEGINS = /^\s*(?:\/\/|\/\*|\* |#(?!!)|--\s|<!--|@?rem\s|'{3}|"{3})/i;
/** So begin comments in settings and assembly, and statements where nobody can say what stands before them. */
const BEGINS_WITH_SEMICOLON = /^\s*;/;
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
    if (BEGINS_WITH_SEMICOLON.test(line) && !QUOTES.test(line)) return true;
  }
  const mark = Math.max(...MARKS.map((text) => line.lastIndexOf(text)));
  return mark >= 0 && !QUOTES.test(line.slice(mark)) && !line.slice(mark).includes("*/");
}

/** Words that lead people to a page, and what may stand between them and it. Commands and settings have others. */
const LEADS =
  /(?:\b(?:see|at|visit|here|more|read|docs?|documentation|information|info|details|refer|reference|guide|help|issues?|bugs?|report|learn|on|in|to|and|or|using|page)[\s:]*[\s:(<]|\]\()$/i;

/**
 * Whether a sentence leads people to an address.
 * @param index - of the last letter of the scheme
 */
export function isAfterText(bytes: Buffer, index: number, scheme: string): boolean {
  const start = index - scheme.length + 1;
  return LEADS.test(bytes.toString("latin1", Math.max(0, start - 24), start));
}
