/**
 * xar archives, the shell of macOS's flat packages: a header, a table of contents in XML, and a heap of file contents.
 * Sources: Apple, xar 1.8; `pkgbuild(1)` for packages.
 * @module
 */

import type { ByteSource } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { Names } from "../tar/names.ts";
import { readContent } from "./content.ts";
import { XAR_MARK } from "./header.ts";
import { examineHeap } from "./heap.ts";
import { findDescription, readPackageIdentity } from "./package.ts";
import { readXarTable, type XarFile } from "./table.ts";
import { judgeChecksum } from "./table-checksum.ts";

export const xar: Format = {
  id: "xar",
  title: "xar archive",
  document: "Apple, xar 1.8",
  recognise: ({ head }: Glimpse) => head.toString("latin1", 0, 4) === XAR_MARK,
  open,
};

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const table = await readXarTable(source, context.budget);
  for (const finding of await judgeChecksum(source, table)) context.report(finding);
  for (const finding of await examineHeap(source, table, context.budget)) context.report(finding);
  if (findDescription(table) !== undefined) {
    context.refineFormat("pkg");
    context.claimIdentity(await readPackageIdentity(source, table, context));
  }
  const names = new Names(context);
  for (const file of table.files) {
    context.budget.checkTime();
    judgeName(names, file);
    const { data, path } = file;
    if (data === undefined) {
      context.budget.spendEntry();
      continue;
    }
    const { heapOffsetBytes } = table;
    yield {
      name: path,
      claimedBytes: data.extractedBytes,
      content: () => readContent(source, data, { heapOffsetBytes, context }),
    };
  }
}

function judgeName(names: Names, { path, type, linkTarget }: XarFile): void {
  names.judge({
    name: path,
    plainNames: [],
    linkTarget: linkTarget ?? "",
    type: type === "symlink" ? "2" : type === "directory" ? "5" : "0",
  });
}
