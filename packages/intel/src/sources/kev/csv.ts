/** The catalogue as CISA's comma-separated values. It carries no date of its own. @module */

import type { ExploitedFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { csvRecords, decodeText, readBytes, refuse, rowOrSkip } from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { Entries, readEntry } from "./entry.ts";

const REQUIRED_COLUMNS = ["cveID", "vendorProject", "product", "dateAdded"];

/** @throws {@link FeedError} when it is not the catalogue */
export async function* csvCatalogue(file: SourceFile, context: ReadContext): AsyncGenerator<ExploitedFact> {
  const text = decodeText(await readBytes(file, context, 64 * 1024 * 1024), file.name);
  const records = csvRecords(text, file.name);
  const first = records.next();
  const columns = first.done === true ? [] : first.value.fields;
  const missing = REQUIRED_COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw FeedError.at(`${file.name}:1`, `has no column ${missing.join(", ")}`);
  const seen = new Entries();
  for (const { line, fields } of records) {
    const fact = rowOrSkip({ file: file.name, line }, context, () => {
      if (fields.length !== columns.length)
        refuse("row", `has ${fields.length} columns instead of ${columns.length}`);
      return seen.note(readEntry(Object.fromEntries(columns.map((name, at) => [name, fields[at] ?? ""]))));
    });
    if (fact !== undefined) yield fact;
  }
}
