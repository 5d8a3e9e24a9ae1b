/** What changed in how a file is written, when nothing in it hides. @module */

import type { Difference } from "../trait.ts";
import type { CodeShape } from "./observe.ts";

/** Characters of a line nobody reads to its end. */
const MINIFIED_LINE = 5000;
/** A file is readable when its lines are not longer than that. */
const READABLE_LINE = 400;
/** Lines that a file has, at least, to be called readable. */
const READABLE_LINES = 20;

const isMinified = ({ longestLine, longLines }: CodeShape): boolean =>
  longestLine >= MINIFIED_LINE && longLines > 0;

export function* compareShapes(before: CodeShape | undefined, after: CodeShape): Generator<Difference> {
  if (after.truncated === true && before?.truncated !== true)
    yield { rule: "too-long", risk: "high", because: "is too long for all of its code to be looked at" };
  if (before === undefined) return;
  const wasReadable = before.longestLine <= READABLE_LINE && before.lines >= READABLE_LINES;
  // One long line in a file that stayed what it was: somebody put it there.
  const keptLines = after.lines >= before.lines / 2;
  const facts = { longestLineCharacters: after.longestLine, longestLineCharactersBefore: before.longestLine };
  if (wasReadable && after.longLines > 0 && keptLines) {
    yield {
      rule: "long-line",
      risk: "low",
      because: "got a line of code that is too long to read, among short ones",
      facts,
    };
  } else if (!isMinified(before) && isMinified(after) && before.tokens > 0) {
    yield { rule: "minified", risk: "low", because: "was readable and is minified now", facts };
  }
  if (isMinified(before) && isMinified(after) && before.tokens !== after.tokens) {
    yield {
      rule: "token-statistics",
      risk: "info",
      because: "minified code changed",
      facts: {
        tokens: after.tokens,
        tokensBefore: before.tokens,
        names: after.names,
        namesBefore: before.names,
      },
    };
  }
}
