/**
 * What makers say of vulnerabilities in their products, as single files: OpenVEX and CycloneDX.
 * Sources: OpenVEX specification 0.2.0; CycloneDX 1.6, `vulnerabilities`.
 * @module
 */

import { type Json, UsageError } from "@sallyport/core";
import type { Fact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { documentsOf, member, parseJson, rowOrSkip, rowOrThrow } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import type { Tell } from "../../vex/statement.ts";
import { isCycloneDx, readCycloneDx } from "./cyclonedx.ts";
import { isOpenVex, issuedAt, readOpenVex } from "./openvex.ts";

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

export const vex: IntelSource = {
  id: "vex",
  title: "VEX statements",
  answers: ["vulnerability"],
  document: "OpenVEX 0.2.0; CycloneDX 1.6",
  licence: "as each author says",
  authority: "supplier",
  staleAfterDays: 365,
  onBadRow: "skip",
  choice: {
    title: "the address of a VEX file",
    example: "https://software.example/product.openvex.json",
    downloads(chosen) {
      const url = URL.canParse(chosen) ? new URL(chosen) : undefined;
      if (url?.protocol !== "https:")
        throw new UsageError("usage.value", "a VEX file is named by its https address");
      return [{ name: `${url.host}${url.pathname}`, url: url.href, maxBytes: MAX_DOCUMENT_BYTES }];
    },
  },
  recognises(_, head) {
    const text = Buffer.from(head).toString("latin1");
    if (/"@context"\s*:\s*"https:\/\/openvex\.dev\/ns/.test(text)) return true;
    return text.includes('"CycloneDX"') && text.includes('"bomFormat"');
  },
  async *read(files, context) {
    for (const file of files) yield* readFile(file, context);
  },
  async asOf(files, context) {
    const dates: string[] = [];
    const quiet: ReadContext = { ...context, skip: () => undefined };
    for (const file of files)
      for await (const { place, bytes } of documentsOf(file, context, LIMITS)) {
        // One that cannot be read is told of when it is read.
        const date = rowOrSkip({ file: place }, quiet, () => issuedAt(parseJson(bytes, place)));
        if (date !== undefined) dates.push(date);
      }
    return dates.sort().at(-1);
  },
};

const LIMITS = { wants: (name: string) => name.endsWith(".json"), maxBytes: MAX_DOCUMENT_BYTES };

async function* readFile(file: SourceFile, context: ReadContext): AsyncGenerator<Fact> {
  for await (const { place, bytes } of documentsOf(file, context, LIMITS)) {
    const tell: Tell = (row, readRow) => rowOrSkip({ file: place, row }, context, readRow);
    const read = () => readDocument(parseJson(bytes, place), place, tell);
    yield* place === file.name
      ? rowOrThrow({ file: place }, read)
      : (rowOrSkip({ file: place }, context, read) ?? []);
  }
}

function readDocument(document: Json, place: string, tell: Tell): readonly Fact[] {
  if (isOpenVex(document)) return readOpenVex(document, tell);
  if (isCycloneDx(document)) return readCycloneDx(document, tell);
  const format = member(document, "bomFormat") ?? member(document, "@context") ?? "nothing";
  throw FeedError.at(place, `is neither OpenVEX nor CycloneDX: it says ${String(format).slice(0, 80)}`);
}
