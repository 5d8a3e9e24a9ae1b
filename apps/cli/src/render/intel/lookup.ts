/** What is known of a query, source by source, each with its age and licence. @module */

import type { Found, Lookup } from "@sallyport/intel";
import { hang, printable, shortened } from "../text.ts";
import type { Screen } from "../verdict.ts";
import { ageText } from "./status.ts";

const MAX_TEXT_LENGTH = 400;

export function lookupDocument({ query, understoodAs, found, more, unanswered }: Lookup) {
  return {
    schema: "sallyport.intel-lookup/1",
    query,
    understoodAs,
    found: found.map(({ kind, text, because, fact, snapshot }) => ({
      kind,
      text,
      because: because ?? null,
      snapshot: snapshot.id,
      asOf: snapshot.asOf,
      isStale: snapshot.isStale,
      authority: snapshot.authority,
      licence: snapshot.licence,
      fact,
    })),
    more,
    unanswered,
  } as const;
}

export function renderLookup(lookup: Lookup, now: Date, screen: Screen): string {
  const { query, understoodAs, found, more, unanswered } = lookup;
  const { paint, columns } = screen;
  const bySnapshot = Map.groupBy(found, ({ snapshot }) => snapshot.id);
  const blank = found.length === 0 ? "nothing is known of it here" : `${found.length + more} found`;
  const lines = [
    ...hang("", `${paint("bold", shortened(printable(query), 120))}  ${understoodAs}; ${blank}`, columns),
    ...[...bySnapshot.values()].flatMap((group) => groupLines(group, now, screen)),
    ...(more > 0 ? ["", `and ${more} more (--json shows 200)`] : []),
    ...(unanswered.length === 0
      ? []
      : [
          "",
          ...hang(
            "",
            `no source here answers ${unanswered.join(", ")}: of that nothing is known. What brings them: ${screen.program} intel status`,
            columns,
          ),
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function groupLines(found: readonly Found[], now: Date, { paint, columns }: Screen): readonly string[] {
  const snapshot = found[0]?.snapshot;
  if (snapshot === undefined) return [];
  const { id, asOf, isStale, licence } = snapshot;
  const age = `${asOf.slice(0, 10)}, ${ageText(asOf, now)}${isStale ? paint("yellow", ", stale") : ""}`;
  return [
    "",
    ...hang("", `${paint("bold", id)}  of ${age}; ${shortened(licence, 80)}`, columns),
    ...found.flatMap(({ text, because }) => [
      ...hang("  ", shortened(printable(text), MAX_TEXT_LENGTH), columns),
      ...(because === undefined ? [] : hang("    ", shortened(printable(because), MAX_TEXT_LENGTH), columns)),
    ]),
  ];
}
