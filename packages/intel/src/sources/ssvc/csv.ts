/** A table as comma-separated values: a number, the decision points with their versions, and the outcome last. @module */

import type { DecisionFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { csvRecords, decodeText, readBytes } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ROWS = 20_000;

/** @throws {@link FeedError} naming file and line */
export async function readCsvTable(file: SourceFile, context: ReadContext): Promise<readonly DecisionFact[]> {
  const text = decodeText(await readBytes(file, context, MAX_BYTES), file.name);
  const [header, ...records] = csvRecords(text, file.name);
  const columns = (header?.fields ?? []).slice(1).map(nameOf);
  const table = columns.at(-1) ?? "";
  if (
    header?.fields[0] !== "row" ||
    columns.length < 2 ||
    columns.includes("") ||
    new Set(columns).size < columns.length
  )
    throw FeedError.at(`${file.name}:1`, "is no header of a decision table");
  if (records.length > MAX_ROWS)
    throw new FeedError("feed.over-limit", `${file.name}: holds more than ${MAX_ROWS} rows`);
  return records.map(({ line, fields }) => {
    const values = fields.slice(1).map((value) => value.trim().toLowerCase());
    if (values.length !== columns.length || values.some((value) => value === "" || value.length > 200))
      throw FeedError.at(`${file.name}:${line}`, "is no row of this table");
    const when = Object.fromEntries(columns.slice(0, -1).map((column, at) => [column, values[at] ?? ""]));
    return { kind: "decision", table, when, outcome: values.at(-1) ?? "" };
  });
}

/** `In KEV v1.0.0 (cisa)` is the point `in kev`. */
const nameOf = (column: string): string =>
  column
    .slice(0, 200)
    .replace(/ v\d+\.\d+\.\d+(?: \([\w-]+\))?$/, "")
    .trim()
    .toLowerCase();
