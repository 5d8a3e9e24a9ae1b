/** What people of the organisation entered. @module */

import { describeFact, type Entry } from "@sallyport/intel";
import { hang, printable } from "../text.ts";
import type { Screen } from "../verdict.ts";

/** In one line: what it says. */
export const entryText = ({ fact }: Entry): string => describeFact(fact);

export const entryDocument = ({ id, fact, owner, reason, addedAt, removed }: Entry) => ({
  id,
  owner,
  reason,
  addedAt,
  removed: removed ?? null,
  fact,
});

export function renderEntries(entries: readonly Entry[], { columns }: Screen): string {
  if (entries.length === 0) return "nothing was entered here\n";
  const lines = entries.flatMap((entry) => {
    const { id, owner, reason, addedAt, removed } = entry;
    const gone =
      removed === undefined
        ? []
        : hang(
            "    ",
            `removed on ${removed.at.slice(0, 10)} by ${printable(removed.by)}: ${printable(removed.because)}`,
            columns,
          );
    return [
      ...hang(`${id}  `, printable(entryText(entry)), columns),
      ...hang("    ", printable(`${owner} on ${addedAt.slice(0, 10)}: ${reason}`), columns),
      ...gone,
    ];
  });
  return `${lines.join("\n")}\n`;
}
