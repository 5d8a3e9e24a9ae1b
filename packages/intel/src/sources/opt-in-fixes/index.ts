/**
 * Our own list of fixes for Windows that an update alone does not switch on. CISA's catalogue says "apply updates" of them, and a
 * machine with every update still has the hole. How to add one: README.md beside this file.
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
import { readFix } from "./fix.ts";

const SCHEMA = "sallyport.opt-in-fixes/1";
const MAX_BYTES = 8 * 1024 * 1024;

export const optInFixes: IntelSource = {
  id: "opt-in-fixes",
  title: "Sallyport's list of opt-in fixes",
  answers: ["fix"],
  document: "packages/intel/src/sources/opt-in-fixes/schema.json",
  licence: "Apache-2.0",
  authority: "public",
  staleAfterDays: 365,
  onBadRow: "reject",
  async shipped() {
    const { default: data } = await import("./data.json", { with: { type: "json" } });
    return [{ name: "opt-in-fixes.json", source: new MemorySource(Buffer.from(JSON.stringify(data))) }];
  },
  recognises: (_, head) => Buffer.from(head).toString("latin1").includes(SCHEMA),
  async *read(files, context) {
    for (const file of files) {
      const ids = new Set<string>();
      for (const [index, row] of requiredList(await load(file, context), "rows").entries())
        yield rowOrThrow({ file: file.name, row: `rows[${index}]` }, () => readFix(row, ids));
    }
  },
  async asOf(files, context) {
    const dates: string[] = [];
    for (const file of files) dates.push(requiredText(await load(file, context), "asOf"));
    return dates.sort().at(-1);
  },
};

async function load(file: SourceFile, context: ReadContext): Promise<Json> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  return rowOrThrow({ file: file.name }, () => {
    if (requiredText(document, "schema") !== SCHEMA) refuse("schema", `is not ${SCHEMA}`);
    if (optionalDay(document, "asOf") === undefined) refuse("asOf", "is missing");
    requiredList(document, "rows");
    return document;
  });
}
