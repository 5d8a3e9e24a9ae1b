/**
 * Our own list of commercial and desktop software that its maker took back or ended, because public lists lack it. Every
 * row cites a page that was read. How to add one: README.md beside this file.
 * @module
 */

import { type Json, MemorySource } from "@sallyport/core";
import {
  optionalDay,
  readJsonFile,
  refuse,
  requiredList,
  requiredText,
  rowOrThrow,
} from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { readRetirement } from "./row.ts";

const SCHEMA = "sallyport.retirements/1";
const MAX_BYTES = 8 * 1024 * 1024;

export const retirements: IntelSource = {
  id: "retirements",
  title: "Sallyport's list of retired software",
  answers: ["lifecycle"],
  document: "packages/intel/src/sources/retirements/schema.json",
  licence: "Apache-2.0",
  authority: "public",
  // What was retired stays retired: an old list lacks rows, and says nothing wrong.
  staleAfterDays: 730,
  onBadRow: "reject",
  async shipped() {
    const { default: data } = await import("./data.json", { with: { type: "json" } });
    return [{ name: "retirements.json", source: new MemorySource(Buffer.from(JSON.stringify(data))) }];
  },
  recognises: (_, head) => Buffer.from(head).toString("latin1").includes(SCHEMA),
  async *read(files, context) {
    for (const file of files) {
      const document = await load(file, context);
      const ids = new Set<string>();
      for (const [index, row] of requiredList(document, "rows").entries())
        yield rowOrThrow({ file: file.name, row: `rows[${index}]` }, () => readRetirement(row, ids));
    }
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files) dates.push(requiredText(await load(file, context), "asOf"));
    return dates.sort().at(-1);
  },
};

/** @throws FeedError naming the file, when it is not our list */
async function load(file: SourceFile, context: ReadContext): Promise<Json> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  return rowOrThrow({ file: file.name }, () => {
    if (requiredText(document, "schema") !== SCHEMA) refuse("schema", `is not ${SCHEMA}`);
    if (optionalDay(document, "asOf") === undefined) refuse("asOf", "is missing");
    return document;
  });
}
