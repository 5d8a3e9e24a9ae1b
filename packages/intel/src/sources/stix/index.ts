/**
 * Indicators of STIX bundles. An indicator counts in its latest version, unless it was revoked or says that it points to
 * something benign. Source: STIX 2.1 §3.2, §3.6, §4.7, §8; STIX 2.0 part 2 §2.5.
 * @module
 */

import type { Json } from "@sallyport/core";
import type { IndicatorFact } from "../../fact.ts";
import { FeedError } from "../../feed-error.ts";
import { addressChoice } from "../../indicators/index.ts";
import { isJsonObject, readJsonFile, rowOrSkip } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { indicatorsOf } from "./indicator.ts";

const MAX_BYTES = 128 * 1024 * 1024;
const MAX_OBJECTS = 1_000_000;

export const stix: IntelSource = {
  id: "stix",
  title: "Indicators of a STIX bundle",
  answers: ["indicator"],
  document: "STIX 2.1, OASIS Standard",
  licence: "as its publisher says",
  authority: "public",
  staleAfterDays: 90,
  onBadRow: "skip",
  choice: addressChoice("https://example.com/indicators.json", MAX_BYTES),
  recognises(_, head) {
    const text = Buffer.from(head).toString("latin1");
    return /"type"\s*:\s*"bundle"|"(?:bundle|indicator)--[0-9a-f]{8}-/.test(text);
  },
  async *read(files, context) {
    for (const file of files)
      for (const { object, row } of latest(await objectsOf(file, context)))
        yield* read(object, { file: file.name, row }, context);
  },
  async asOf(files, context) {
    const times: string[] = [];
    for (const file of files)
      for (const object of await objectsOf(file, context)) times.push(modifiedOf(object) ?? "");
    const newest = times.sort().at(-1);
    return newest === "" ? undefined : newest;
  },
};

function* read(
  object: Json,
  place: { readonly file: string; readonly row: string },
  context: ReadContext,
): Generator<IndicatorFact> {
  const found = rowOrSkip(place, context, () => indicatorsOf(object));
  for (const because of found?.leftOut ?? []) context.skip({ ...place, because });
  yield* found?.facts ?? [];
}

/** A bundle, an envelope of TAXII 2.1 (§3.7), or a list of objects. */
async function objectsOf(file: SourceFile, context: ReadContext): Promise<readonly Json[]> {
  const document = await readJsonFile(file, context, MAX_BYTES);
  const objects = isJsonObject(document) ? document.objects : document;
  if (objects === undefined && isJsonObject(document) && document.type === "bundle") return [];
  if (objects === undefined || !isList(objects)) throw FeedError.at(file.name, "is no STIX bundle");
  if (objects.length > MAX_OBJECTS)
    throw new FeedError("feed.over-limit", `${file.name}: holds more than ${MAX_OBJECTS} objects`);
  return objects;
}

/** @returns each indicator once, in the version that was changed last */
function latest(objects: readonly Json[]): Iterable<{ readonly object: Json; readonly row: string }> {
  const byId = new Map<string, { readonly object: Json; readonly row: string }>();
  for (const [index, object] of objects.entries()) {
    if (!isJsonObject(object) || object.type !== "indicator") continue;
    const { id } = object;
    const row = typeof id === "string" ? id.slice(0, 100) : `objects[${index}]`;
    const known = byId.get(row);
    if (known === undefined || (modifiedOf(object) ?? "") >= (modifiedOf(known.object) ?? ""))
      byId.set(row, { object, row });
  }
  return byId.values();
}

function modifiedOf(object: Json): string | undefined {
  if (!isJsonObject(object)) return undefined;
  const { modified } = object;
  if (typeof modified !== "string") return undefined;
  const time = Date.parse(modified);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
