/**
 * Vulnerabilities of packages, by ecosystem, as OSV gathers them. Source: OSV schema 1.7; google.github.io/osv.dev/data.
 * @module
 */

import { type JsonObject, UsageError } from "@sallyport/core";
import {
  documentsOf,
  isJsonObject,
  parseJson,
  refuse,
  rowOrSkip,
  rowOrThrow,
  zipDate,
} from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { ecosystemNames, spellingOf } from "./ecosystems.ts";
import { readRecord } from "./record.ts";

const MAX_RECORD_BYTES = 32 * 1024 * 1024;
const MAX_ARCHIVE_BYTES = 4 * 1024 ** 3;

export const osv: IntelSource = {
  id: "osv",
  title: "OSV",
  answers: ["vulnerability"],
  document: "OSV schema 1.7",
  licence: "CC-BY-4.0 AND others: each record keeps its origin's, see osv.dev/data",
  authority: "public",
  staleAfterDays: 7,
  onBadRow: "skip",
  choice: {
    title: "an ecosystem",
    example: "npm",
    downloads(chosen) {
      const name = spellingOf(chosen);
      if (name === undefined)
        throw new UsageError(
          "usage.value",
          `OSV has no ecosystem ${chosen}; it has ${ecosystemNames().join(", ")}`,
        );
      const url = `https://osv-vulnerabilities.storage.googleapis.com/${encodeURIComponent(name)}/all.zip`;
      return [{ name: `${name}-all.zip`, url, maxBytes: MAX_ARCHIVE_BYTES }];
    },
  },
  recognises(name, head) {
    const text = Buffer.from(head).toString("latin1");
    if (text.startsWith("PK\x03\x04")) return /^[A-Za-z]+-[\w:.-]+\.json$/.test(firstName(head));
    return /\.json$/i.test(name) && text.includes('"affected"') && text.includes('"modified"');
  },
  async *read(files, context) {
    for (const file of files) yield* readFile(file, context);
  },
  /** Of an archive; a record's own time says when it was changed, and not whether it still is what OSV says. */
  async asOf(files, context) {
    const dates: (string | undefined)[] = [];
    for (const file of files) dates.push(await zipDate(file, context));
    return dates
      .filter((date) => date !== undefined)
      .sort()
      .at(-1);
  },
};

async function* readFile(file: SourceFile, context: ReadContext) {
  const limits = { wants: (name: string) => name.endsWith(".json"), maxBytes: MAX_RECORD_BYTES };
  for await (const { place, bytes } of documentsOf(file, context, limits)) {
    const read = () =>
      readRecord(asRecord(parseJson(bytes, place)), (row, readRow) =>
        rowOrSkip({ file: place, row }, context, readRow),
      );
    // A record that was brought alone counts or does not; of an archive the others do.
    yield* place === file.name
      ? rowOrThrow({ file: place }, read)
      : (rowOrSkip({ file: place }, context, read) ?? []);
  }
}

const asRecord = (value: unknown): JsonObject =>
  isJsonObject(value as JsonObject) ? (value as JsonObject) : refuse("record", "is no object");

/** Of the first entry of a zip archive: APPNOTE 4.3.7. */
function firstName(head: Uint8Array): string {
  const bytes = Buffer.from(head);
  if (bytes.length < 30) return "";
  return bytes.toString("latin1", 30, Math.min(bytes.length, 30 + bytes.readUInt16LE(26)));
}
