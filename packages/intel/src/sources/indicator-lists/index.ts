/** Plain lists of what is known from attacks, one on each line. They follow no document: the page says what is read. @module */

import type { ObservableKind } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import { addressChoice } from "../../indicators/index.ts";
import { linesOf, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { kindNamed, readLine } from "./line.ts";

const MAX_BYTES = 512 * 1024 * 1024;

export const indicatorLists: IntelSource = {
  id: "indicator-lists",
  title: "Plain lists of indicators",
  answers: ["indicator"],
  document: "packages/intel/src/sources/indicator-lists/page.md",
  licence: "as its publisher says",
  authority: "public",
  staleAfterDays: 30,
  onBadRow: "skip",
  choice: addressChoice("https://example.com/bad-domains.txt", MAX_BYTES),
  recognises(name, head) {
    const isText = /\.(?:txt|csv|tsv|list|lst|ioc|iocs|hosts)(?:\.gz)?$|^hosts$/i.test(name);
    const says = /ioc|indicator|malware|malicious|bad-|block|threat|phish|botnet|c2/i.test(name);
    return (isText && says) || MARK.test(Buffer.from(head).toString("latin1"));
  },
  async *read(files, context) {
    for (const file of files) yield* readList(file, context);
  },
};

/** `# indicators: certificate-serial, Example report` */
const MARK = /^[#;/]{1,2}\s*indicators:/im;
const HEADING = /^[#;/]{1,2}\s*indicators:\s*([\w -]{0,40})(?:,\s*(.{0,300}))?$/i;

async function* readList(file: SourceFile, context: ReadContext): AsyncGenerator<Fact> {
  let kind: ObservableKind | undefined;
  let title = file.name;
  let isFirst = true;
  for await (const { number, text } of linesOf(file, context)) {
    const line = text.trim();
    const heading = HEADING.exec(line);
    if (heading !== null) {
      kind = kindNamed(heading[1] ?? "");
      title = heading[2]?.trim() || file.name;
    }
    if (line === "" || /^(?:#|;|\/\/)/.test(line)) continue;
    const place = { file: file.name, line: number };
    const isHeading = isFirst && kind === undefined && isColumnHeading(line);
    isFirst = false;
    if (isHeading) continue;
    const read = rowOrSkip(place, context, () => readLine(line, kind));
    if (read === undefined) continue;
    const { observable, note } = read;
    const named = note === "" ? title : `${title}: ${note}`;
    yield { kind: "indicator", indicator: { ...observable, title: named, references: [] } };
  }
}

/** Names of columns: words, and at least two of them. */
const isColumnHeading = (line: string): boolean =>
  /[,;\t]/.test(line) &&
  line.split(/[,;\t]/).every((field) => /^"?[A-Za-z][A-Za-z0-9 _()/-]{0,40}"?$/.test(field.trim()));
