/**
 * CVE records with what CISA adds to them: SSVC decision points, and names and versions of products where the record itself
 * has none. Source: CVE JSON record format 5.1; github.com/cisagov/vulnrichment.
 * @module
 */

import { documentsOf, isJsonObject, parseJson, refuse, rowOrSkip, rowOrThrow } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { archiveDate, entriesInHead } from "../../witnesses/archive-head.ts";
import { readCveRecord } from "./cve-record.ts";

const MAX_RECORD_BYTES = 16 * 1024 * 1024;
const RECORD_NAME = /(?:^|\/)CVE-\d{4}-\d{4,19}\.json$/;

export const vulnrichment: IntelSource = {
  id: "vulnrichment",
  title: "CISA Vulnrichment",
  answers: ["vulnerability"],
  document: "CVE JSON record format 5.1; CISA ADP container",
  licence: "CC0-1.0 (CISA's container); CVE Program terms of use (the records)",
  authority: "public",
  staleAfterDays: 14,
  onBadRow: "skip",
  downloads: [
    {
      name: "vulnrichment.tar.gz",
      url: "https://codeload.github.com/cisagov/vulnrichment/tar.gz/refs/heads/develop",
      maxBytes: 4 * 1024 ** 3,
    },
  ],
  recognises(name, head) {
    const entries = entriesInHead(head);
    if (entries.length > 0)
      return entries.some(
        (entry) => entry.name.includes("/") && (RECORD_NAME.test(entry.name) || isCheckout(entry.name)),
      );
    return /\.json$/i.test(name) && Buffer.from(head).includes('"CVE_RECORD"');
  },
  async *read(files, context) {
    for (const file of files) yield* readFile(file, context);
  },
  async asOf(files) {
    const dates = await Promise.all(files.map(archiveDate));
    return dates
      .filter((date) => date !== undefined)
      .sort()
      .at(-1);
  },
};

const isCheckout = (name: string): boolean => /^(vulnrichment|cvelistV5)-/.test(name);

async function* readFile(file: SourceFile, context: ReadContext) {
  const limits = { wants: (name: string) => RECORD_NAME.test(name), maxBytes: MAX_RECORD_BYTES };
  for await (const { place, bytes } of documentsOf(file, context, limits)) {
    const read = () => {
      const record = parseJson(bytes, place);
      return readCveRecord(isJsonObject(record) ? record : refuse("record", "is no object"), (row, readRow) =>
        rowOrSkip({ file: place, row }, context, readRow),
      );
    };
    yield* place === file.name
      ? rowOrThrow({ file: place }, read)
      : (rowOrSkip({ file: place }, context, read) ?? []);
  }
}
