/** One event of MISP: what it is about, and which of its attributes are meant for detection. @module */

import type { Json } from "@sallyport/core";
import type { IndicatorFact } from "../../fact.ts";
import { excerpt, member, optionalList, optionalText, rowOrSkip } from "../../reading/index.ts";
import type { ReadContext } from "../../source.ts";
import { observablesOf } from "./attribute.ts";

const MAX_REFERENCES = 10;

interface Row {
  readonly attribute: Json;
  readonly isCertificate: boolean;
}

export function* factsOf(event: Json, file: string, context: ReadContext): Generator<IndicatorFact> {
  const rows = rowOrSkip({ file }, context, () => rowsOf(event)) ?? [];
  const about = rowOrSkip({ file }, context, () => ({
    title: excerpt(event, "info", 300) ?? "an event without a title",
    references: referencesOf(rows),
  }));
  if (about === undefined) return;
  for (const [index, { attribute, isCertificate }] of rows.entries()) {
    // Without it, it is there to understand the event, and may be harmless.
    if (member(attribute, "to_ids") !== true || member(attribute, "deleted") === true) continue;
    const uuid = rowOrSkip({ file, row: `attribute ${index}` }, context, () =>
      optionalText(attribute, "uuid", 100),
    );
    const place = { file, row: `attribute ${uuid ?? index}` };
    const observables = rowOrSkip(place, context, () => observablesOf(attribute, isCertificate)) ?? [];
    const comment = excerpt(attribute, "comment", 200);
    const title = comment === undefined ? about.title : `${about.title}: ${comment}`;
    for (const observable of observables)
      yield { kind: "indicator", indicator: { ...observable, ...about, title } };
  }
}

/** Those of the event itself and of its objects. */
function rowsOf(event: Json): readonly Row[] {
  const own = optionalList(event, "Attribute").map((attribute) => ({ attribute, isCertificate: false }));
  const grouped = optionalList(event, "Object").flatMap((object) =>
    member(object, "deleted") === true
      ? []
      : optionalList(object, "Attribute").map((attribute) => ({
          attribute,
          isCertificate: member(object, "name") === "x509",
        })),
  );
  return [...own, ...grouped];
}

/** Where the event's report can be read. */
function referencesOf(rows: readonly Row[]): readonly string[] {
  const links = rows.flatMap(({ attribute }) => {
    const isLink = member(attribute, "type") === "link" && member(attribute, "to_ids") !== true;
    const value = member(attribute, "value");
    return isLink && typeof value === "string" && /^https?:\/\/\S{4,1900}$/.test(value) ? [value] : [];
  });
  return [...new Set(links)].slice(0, MAX_REFERENCES);
}
