/**
 * What points to the files of the X_TRADER and 3CX incidents. Every row names who published it. Addresses are written so
 * that nobody follows them, and so that this program does not find them in itself. How to add a row: README.md here.
 * @module
 */

import { type Json, MemorySource } from "@sallyport/core";
import type { IndicatorFact } from "../../fact.ts";
import { observableOf, refang } from "../../indicators/index.ts";
import {
  memberAt,
  optionalDay,
  readJsonFile,
  refuse,
  requiredList,
  requiredText,
  rowOrThrow,
  textList,
} from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";

const SCHEMA = "sallyport.incident-indicators/1";
const KINDS = ["sha256", "sha1", "md5", "certificate-serial", "domain", "text"] as const;
const MAX_BYTES = 8 * 1024 * 1024;

export const incidentIndicators: IntelSource = {
  id: "incident-indicators",
  title: "Indicators of the X_TRADER and 3CX incidents",
  answers: ["indicator"],
  document: "packages/intel/src/sources/incident-indicators/schema.json",
  licence: "Apache-2.0",
  authority: "public",
  // What was trojanised stays so: an old list lacks rows, and says nothing wrong.
  staleAfterDays: 3650,
  onBadRow: "reject",
  async shipped() {
    const { default: data } = await import("./data.json", { with: { type: "json" } });
    const bytes = Buffer.from(JSON.stringify(data));
    return [{ name: "incident-indicators.json", source: new MemorySource(bytes) }];
  },
  recognises: (_, head) => Buffer.from(head).toString("latin1").includes(SCHEMA),
  async *read(files, context) {
    for (const file of files) {
      const document = await load(file, context);
      for (const [index, row] of requiredList(document, "indicators").entries())
        yield rowOrThrow({ file: file.name, row: `indicators[${index}]` }, () => readRow(row, document));
    }
  },
  async asOf(files, context) {
    const days: string[] = [];
    for (const file of files) days.push(requiredText(await load(file, context), "asOf"));
    const newest = days.sort().at(-1);
    return newest === undefined ? undefined : `${newest}T00:00:00.000Z`;
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

function readRow(row: Json, document: Json): IndicatorFact {
  const kindName = requiredText(row, "kind");
  const kind = KINDS.find((known) => known === kindName) ?? refuse("kind", `is none of ${KINDS.join(", ")}`);
  const written = requiredText(row, "value");
  const references = textList(row, "sources").map((name) =>
    requiredText(memberAt(document, "sources", name), "url"),
  );
  if (references.length === 0) refuse("sources", "names nobody who published it");
  const title = `${requiredText(row, "incident")}: ${requiredText(row, "what")}`;
  const observable = observableOf(kind, kind === "text" ? refang(written) : written);
  return { kind: "indicator", indicator: { ...observable, title, references } };
}
