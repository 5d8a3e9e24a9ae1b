/**
 * What points to the files of the X_TRADER and 3CX incidents. Every row names who published it. Addresses are written so
 * that nobody follows them, and so that this program does not find them in itself. How to add a row: README.md here.
 * @module
 */

import type { Json } from "@sallyport/core";
import type { IndicatorFact } from "../../fact.ts";
import { observableOf, refang } from "../../indicators/index.ts";
import { ownList } from "../../own-list.ts";
import { memberAt, refuse, requiredText, textList } from "../../reading/index.ts";
import type { IntelSource } from "../../source.ts";

const KINDS = ["sha256", "sha1", "md5", "certificate-serial", "domain", "text"] as const;

export const incidentIndicators: IntelSource = ownList({
  id: "incident-indicators",
  title: "Indicators of the X_TRADER and 3CX incidents",
  answers: ["indicator"],
  // What was trojanised stays so: an old list lacks rows, and says nothing wrong.
  staleAfterDays: 3650,
  rows: "indicators",
  data: async () => (await import("./data.json", { with: { type: "json" } })).default,
  begin: (document) => (row) => readRow(row, document),
});

function readRow(row: Json, document: Json): IndicatorFact {
  const kindName = requiredText(row, "kind");
  const kind = KINDS.find((known) => known === kindName) ?? refuse("kind", `is none of ${KINDS.join(", ")}`);
  const written = requiredText(row, "value");
  const references = textList(row, "sources").map((name) =>
    requiredText(memberAt(document, "sources", name), "url"),
  );
  if (references.length === 0) refuse("sources", "names nobody who published it");
  const title = `${requiredText(row, "incident")}: ${requiredText(row, "what")}`;
  const observable = observableOf(kind, kind === "text" ? refang(written) : written);
  return { kind: "indicator", indicator: { ...observable, title, references } };
}
