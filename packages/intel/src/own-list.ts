/**
 * Data sets of our own that come with the program: a JSON document with `schema`, `asOf` and rows, read as strictly as
 * anybody's. Their folders hold the data, its JSON schema and how to add a row.
 * @module
 */

import { type Json, MemorySource } from "@sallyport/core";
import type { Fact } from "./fact.ts";
import {
  optionalDay,
  readJsonFile,
  refuse,
  requiredList,
  requiredText,
  rowOrThrow,
} from "./reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "./source.ts";

export interface OwnList extends Pick<IntelSource, "id" | "title" | "answers" | "staleAfterDays"> {
  /** The member that holds the rows. */
  readonly rows: string;
  /** The document, loaded when it is asked for. */
  data(): Promise<unknown>;
  /**
   * Begins a file.
   * @returns reads one row after the other; it refuses, by throwing, what is against the list's rules
   */
  begin(document: Json): (row: Json) => Fact;
}

const MAX_BYTES = 8 * 1024 * 1024;

/** @returns the source that the list is; a row that cannot be read, and nothing of its file counts */
export function ownList({ rows, data, begin, ...named }: OwnList): IntelSource {
  const schema = `sallyport.${named.id}/1`;
  const load = (file: SourceFile, context: ReadContext) => loadDocument(file, context, { schema, rows });
  return {
    ...named,
    document: `packages/intel/src/sources/${named.id}/schema.json`,
    licence: "Apache-2.0",
    authority: "public",
    onBadRow: "reject",
    async shipped() {
      const bytes = Buffer.from(JSON.stringify(await data()));
      return [{ name: `${named.id}.json`, source: new MemorySource(bytes) }];
    },
    recognises: (_, head) => Buffer.from(head).toString("latin1").includes(schema),
    async *read(files, context) {
      for (const file of files) {
        const document = await load(file, context);
        const read = begin(document);
        for (const [index, row] of requiredList(document, rows).entries())
          yield rowOrThrow({ file: file.name, row: `${rows}[${index}]` }, () => read(row));
      }
    },
    async asOf(files, context) {
      const days: string[] = [];
      for (const file of files) days.push(requiredText(await load(file, context), "asOf"));
      const newest = days.sort().at(-1);
      return newest === undefined ? undefined : `${newest}T00:00:00.000Z`;
    },
  };
}

/** @throws FeedError naming the file, when it is not the list */
async function loadDocument(
  file: SourceFile,
  context: ReadContext,
  { schema, rows }: { readonly schema: string; readonly rows: string },
): Promise<Json> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  return rowOrThrow({ file: file.name }, () => {
    if (requiredText(document, "schema") !== schema) refuse("schema", `is not ${schema}`);
    if (optionalDay(document, "asOf") === undefined) refuse("asOf", "is missing");
    requiredList(document, rows);
    return document;
  });
}
