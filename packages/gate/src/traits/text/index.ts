/**
 * What changed in scripts and other texts, as hunks a person reads. It says what changed and judges nothing.
 * Sources: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986); POSIX.1-2024, `diff -u`.
 * @module
 */

import { readPlainText } from "../../source-code/source-text.ts";
import { defineTrait, observed, type Trait } from "../trait.ts";
import { countNewLines, hunksOf } from "./hunks.ts";
import { linesOf } from "./lines.ts";

interface ReadText {
  readonly text: string;
}

/** Longer texts are data; nobody reads their hunks. */
const MAX_TEXT_BYTES = 512 * 1024;
/** Formats whose members can be texts. */
const NOT_TEXT: ReadonlySet<string> = new Set(["pe", "elf", "mach-o"]);

export const text: Trait<ReadText> = defineTrait<ReadText>({
  id: "text",
  title: "Text",
  question: "What changed in scripts and other texts?",
  document: 'E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986)',
  rules: {
    changed: "Lines of a text changed.",
    rewritten: "A text changed so much that only its new lines are shown.",
  },
  async observe(source, { format }) {
    if (source.sizeBytes > MAX_TEXT_BYTES || source.sizeBytes === 0 || NOT_TEXT.has(format)) return undefined;
    const plain = await readPlainText(source, MAX_TEXT_BYTES);
    return plain === undefined || !isText(plain.text) ? undefined : { text: plain.text };
  },
  *compare(pair, { budget }) {
    const before = observed(pair.before, text);
    const after = observed(pair.after, text);
    if (before === undefined || after === undefined || before.text === after.text) return;
    budget.checkTime();
    const [oldLines, newLines] = [linesOf(before.text), linesOf(after.text)];
    const hunks = hunksOf(oldLines, newLines);
    if (hunks !== undefined) {
      const { added, removed, shown } = hunks;
      yield {
        rule: "changed",
        risk: "info",
        because: "has changed lines",
        after: { text: shown },
        facts: { addedLines: added, removedLines: removed },
      };
      return;
    }
    const { added, removed, shown } = countNewLines(oldLines, newLines);
    yield {
      rule: "rewritten",
      risk: "info",
      because: "was rewritten for the most part",
      after: { text: shown },
      facts: { addedLines: added, removedLines: removed },
    };
  },
});

/** What no text holds: control characters but for white space, escape sequences, and the end mark of DOS. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\0-\x07\x0e-\x19\x1c-\x1f\x7f]/;

const isText = (characters: string): boolean => !CONTROL.test(characters);
