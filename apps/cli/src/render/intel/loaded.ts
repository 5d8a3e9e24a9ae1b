/** What a file of a source brought, in a line or two, and as a document. @module */

import type { IntelSource, Loaded } from "@sallyport/intel";
import { counted, hang, printable, shortened } from "../text.ts";
import type { Screen } from "../verdict.ts";

const SHOWN_SKIPS = 5;

export type LoadedFrom = Loaded & { readonly source: IntelSource };

export function loadedDocument({ snapshot, before, skipped, told }: LoadedFrom) {
  const { id, source, part, asOf, fetchedAt, rows, skipped: skippedRows, files } = snapshot;
  return {
    source,
    part,
    snapshot: id,
    replaced: before?.id ?? null,
    asOf,
    fetchedAt,
    rows,
    rowsBefore: before?.rows ?? 0,
    skippedRows,
    skipped,
    told,
    files,
  } as const;
}

/** @param size - of what was fetched for it */
export function renderLoaded(
  { snapshot, before, skipped, told, source }: LoadedFrom,
  screen: Screen,
  size?: string,
): string {
  const { columns } = screen;
  const { rows, part, asOf, isStale } = snapshot;
  const name = part === "" ? source.id : `${source.id}, ${shortened(printable(part), 80)}`;
  const change = before === undefined ? "" : ` (${count(before.rows)} before)`;
  const age = isStale ? screen.paint("yellow", "; that is stale already") : "";
  const cost = size === undefined ? "" : ` (${size})`;
  const lines = [
    ...hang("", `${name}: ${counted(rows, "fact")}${change}, of ${asOf.slice(0, 10)}${age}${cost}`, columns),
    ...told.flatMap((sentence) => hang("  ", shortened(printable(sentence), 300), columns)),
    ...(snapshot.skipped === 0 ? [] : [`  left out: ${counted(snapshot.skipped, "row")}`]),
    ...skipped.slice(0, SHOWN_SKIPS).flatMap(({ file, line, row, because }) => {
      const place = [file, line, row].filter((part) => part !== undefined).join(":");
      return hang("    ", shortened(printable(`${place}: ${because}`), 300), columns);
    }),
    ...(snapshot.skipped > SHOWN_SKIPS ? [`    and ${count(snapshot.skipped - SHOWN_SKIPS)} more`] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const count = (amount: number): string => amount.toLocaleString("en");
