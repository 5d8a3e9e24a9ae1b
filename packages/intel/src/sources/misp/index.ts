/** Indicators of MISP events, as an instance exports them or a feed publishes them. Source: MISP core format §2. @module */

import type { Json } from "@sallyport/core";
import { FeedError } from "../../feed-error.ts";
import { addressChoice } from "../../indicators/index.ts";
import { documentsOf, isJsonObject, member, parseJson } from "../../reading/index.ts";
import type { IntelSource, ReadContext, SourceFile } from "../../source.ts";
import { factsOf } from "./event.ts";

const MAX_BYTES = 128 * 1024 * 1024;
const MAX_EVENTS = 100_000;

export const misp: IntelSource = {
  id: "misp",
  title: "Indicators of MISP events",
  answers: ["indicator"],
  document: "MISP core format, draft-dulaunoy-misp-core-format",
  licence: "as its publisher says",
  authority: "public",
  staleAfterDays: 90,
  onBadRow: "skip",
  choice: addressChoice("https://example.com/feed/event.json", MAX_BYTES),
  recognises: (_, head) =>
    /"Event"\s*:\s*\{|"(?:Attribute|orgc_id|threat_level_id|publish_timestamp)"\s*:/.test(
      Buffer.from(head).toString("latin1"),
    ),
  async *read(files, context) {
    for (const file of files)
      for await (const { event, place } of eventsOf(file, context)) yield* factsOf(event, place, context);
  },
  async asOf(files, context) {
    const seconds: number[] = [];
    for (const file of files)
      for await (const { event } of eventsOf(file, context)) seconds.push(secondsOf(event));
    const newest = seconds.reduce((most, one) => Math.max(most, one), 0);
    return newest > 0 ? new Date(newest * 1000).toISOString() : undefined;
  },
};

interface Event {
  readonly event: Json;
  /** In messages. */
  readonly place: string;
}

/** One file, or an archive of a feed: one file for each event, and a manifest that holds none. */
async function* eventsOf(file: SourceFile, context: ReadContext): AsyncGenerator<Event> {
  const limits = { wants: isEventFile, maxBytes: MAX_BYTES };
  for await (const { bytes, place } of documentsOf(file, context, limits))
    for (const event of eventsIn(parseJson(bytes, place), place)) yield { event, place };
}

const isEventFile = (name: string): boolean =>
  /\.json$/i.test(name) && !/(?:^|\/)(?:manifest|hashes)\.json$/i.test(name);

/** `{Event}`, `{response: [{Event}]}`, `[{Event}]`, or the event alone. */
function eventsIn(document: Json, place: string): readonly Json[] {
  const holder = isJsonObject(document) ? (document.response ?? document) : document;
  const list = isList(holder) ? holder : [holder];
  if (list.length > MAX_EVENTS)
    throw new FeedError("feed.over-limit", `${place}: holds more than ${MAX_EVENTS} events`);
  const events = list.map((one) => member(one, "Event") ?? one);
  const isEvent = (one: Json) =>
    isJsonObject(one) && (Array.isArray(one.Attribute) || Array.isArray(one.Object) || "info" in one);
  if (!events.every(isEvent)) throw FeedError.at(place, "is no event of MISP");
  return events;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Seconds since 1970, as text or number. */
function secondsOf(event: Json): number {
  const seconds = Number(member(event, "timestamp"));
  return Number.isSafeInteger(seconds) && seconds > 0 && seconds < 253_402_300_800 ? seconds : 0;
}
