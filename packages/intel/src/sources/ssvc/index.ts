/**
 * Decision tables of SSVC: what follows from what is known of a vulnerability. Source: CERTCC/SSVC, data/json and data/csv;
 * certcc.github.io/SSVC, decision tables.
 * @module
 */

import { UsageError } from "@sallyport/core";
import type { DecisionFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { rowOrThrow } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { readCsvTable } from "./csv.ts";
import { readJsonTable } from "./json.ts";

const TABLES = "https://raw.githubusercontent.com/CERTCC/SSVC/main/data/json";

export const ssvc: IntelSource = {
  id: "ssvc",
  title: "SSVC decision tables",
  answers: ["decision"],
  document: "CERTCC/SSVC, data; schemaVersion 2.0.0",
  licence: "MIT",
  authority: "public",
  staleAfterDays: 730,
  onBadRow: "reject",
  choice: {
    title: "a table",
    example: "cisa/cisa_bod_26_04_1_0_0",
    downloads(chosen) {
      if (!/^[a-z]{1,20}\/[a-z0-9_]{1,80}$/.test(chosen))
        throw new UsageError(
          "usage.value",
          "a table is named by its place below data/json of CERTCC/SSVC, cisa/cisa_bod_26_04_1_0_0",
        );
      const name = `${chosen.replace("/", "-")}.json`;
      return [{ name, url: `${TABLES}/${chosen}.json`, maxBytes: 1024 * 1024 }];
    },
  },
  recognises(name, head) {
    const text = Buffer.from(head).toString("latin1");
    if (/\.csv$/i.test(name)) return /^row,.{0,400} v\d+\.\d+\.\d+/.test(text);
    return text.includes('"decision_points"') && text.includes('"schemaVersion"');
  },
  async *read(files, context) {
    for (const file of files) yield* complete(file, await readTable(file, context));
  },
};

const readTable = (file: SourceFile, context: ReadContext): Promise<readonly DecisionFact[]> =>
  /\.csv$/i.test(file.name) ? readCsvTable(file, context) : readJsonTable(file, context);

/** Every combination of values has one row: with a missing or doubled one somebody would be told nothing, or two things. */
function complete({ name }: SourceFile, rows: readonly DecisionFact[]): readonly DecisionFact[] {
  const values = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const [index, { when }] of rows.entries()) {
    const entries = Object.entries(when).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify(entries);
    rowOrThrow({ file: name, row: `row ${index}` }, () => {
      if (seen.has(key)) throw new FeedError("feed.malformed", "decides the same a second time");
    });
    seen.add(key);
    for (const [point, value] of entries) values.set(point, (values.get(point) ?? new Set()).add(value));
  }
  const expected = [...values.values()].reduce((product, { size }) => product * size, 1);
  if (rows.length === 0 || rows.length !== expected)
    throw FeedError.at(name, `holds ${rows.length} rows, and its values combine to ${expected}`);
  return rows;
}
