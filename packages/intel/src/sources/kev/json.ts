/** The catalogue as CISA's JSON. @module */

import type { ExploitedFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import {
  instantOf,
  isJsonObject,
  member,
  readJsonFile,
  refuse,
  requiredList,
  requiredText,
  rowOrSkip,
  rowOrThrow,
} from "../../reading/index.ts";
import type { ReadContext, SourceFile } from "../../source.ts";
import { Entries, readEntry } from "./entry.ts";

export interface Catalogue {
  /** ISO 8601, UTC. */
  readonly asOf: string;
  /** Tells of each entry that does not count. */
  facts(): Generator<ExploitedFact>;
}

/** @throws {@link FeedError} when it is not the catalogue, or not all of it */
export async function jsonCatalogue(file: SourceFile, context: ReadContext): Promise<Catalogue> {
  const catalogue = await readJsonFile(file, context, 64 * 1024 * 1024);
  return rowOrThrow({ file: file.name }, () => {
    const released = requiredText(catalogue, "dateReleased", 64);
    const entries = requiredList(catalogue, "vulnerabilities");
    const count = member(catalogue, "count");
    if (count !== entries.length)
      throw FeedError.at(
        file.name,
        `says that it holds ${String(count)} entries, and holds ${entries.length}`,
      );
    return {
      asOf: instantOf(released) ?? refuse("dateReleased", "is no date and time"),
      *facts() {
        const seen = new Entries();
        for (const [index, entry] of entries.entries()) {
          const cve = member(entry, "cveID");
          const row = typeof cve === "string" ? cve.slice(0, 32) : `vulnerabilities[${index}]`;
          const fact = rowOrSkip({ file: file.name, row }, context, () =>
            seen.note(readEntry(isJsonObject(entry) ? entry : refuse("vulnerabilities", "holds no object"))),
          );
          if (fact !== undefined) yield fact;
        }
      },
    };
  });
}
