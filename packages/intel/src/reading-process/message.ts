/** What the reading process says, one line of JSON each. Its parent believes no line: shapes are checked here. @module */

import type { Fact } from "../fact.ts";
import type { Download, SkippedRow } from "../source.ts";
import { readFact } from "./fact-shape.ts";
import { flag, list, number, oneOf, optional, record, text } from "./shape.ts";

export type ReadingMessage =
  | { readonly type: "as-of"; readonly asOf: string }
  | { readonly type: "fact"; readonly fact: Fact }
  | { readonly type: "skipped"; readonly row: SkippedRow }
  | { readonly type: "told"; readonly sentence: string }
  | { readonly type: "downloads"; readonly downloads: readonly Download[] }
  /** The files cannot count. */
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "end" };

const asOf = record({ type: oneOf("as-of"), asOf: text(40) });
const skipped = record({
  type: oneOf("skipped"),
  row: record({
    file: text(4000),
    line: optional(number(1, Number.MAX_SAFE_INTEGER)),
    row: optional(text(4000)),
    because: text(4000),
  }),
});
const told = record({ type: oneOf("told"), sentence: text(4000) });
const downloads = record({
  type: oneOf("downloads"),
  downloads: list(
    record({
      name: text(4000),
      url: text(4000),
      maxBytes: number(0, Number.MAX_SAFE_INTEGER),
      mayBeAbsent: optional(flag),
    }),
  ),
});
const failed = record({ type: oneOf("failed"), code: text(100), message: text(8000) });
const end = record({ type: oneOf("end") });

/** @throws Error when it is none */
export function readMessage(line: string): ReadingMessage {
  const value: unknown = JSON.parse(line);
  switch ((value as { readonly type?: unknown } | null)?.type) {
    case "fact":
      return { type: "fact", fact: readFact((value as { readonly fact?: unknown }).fact) };
    case "as-of":
      return asOf(value);
    case "skipped":
      return skipped(value);
    case "told":
      return told(value);
    case "downloads":
      return downloads(value);
    case "failed":
      return failed(value);
    default:
      return end(value);
  }
}
