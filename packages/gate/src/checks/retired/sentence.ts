/** What is said of something's life: always with whose word it is and how old that is. @module */

import type { Claim, JsonObject } from "@sallyport/core";
import { toldBy } from "../told-by.ts";
import { daysUntil, type Life } from "./life.ts";

/** @param name - as the file calls it */
export function tell(name: string, life: Life, now: Date): string {
  const { fact } = life.known;
  const replacement = fact.replacement === undefined ? "" : `; use ${fact.replacement} instead`;
  const newest =
    fact.latest === undefined || fact.release === undefined ? "" : `, whose newest is ${fact.latest}`;
  const line = fact.release === undefined ? "" : ` (release ${fact.release}${newest})`;
  return `${name}${line} ${stateOf(life, now)} (${sourceOf(life)})${replacement}`;
}

function stateOf({ phase, date }: Life, now: Date): string {
  const when = date === undefined ? "" : ` ${date.length === 10 ? "on" : "in"} ${date}`;
  switch (phase) {
    case "retired":
      return `was taken back by its maker${when}`;
    case "end-of-life":
      return date === undefined ? "is past its end of life" : `reached its end of life${when}`;
    case "no-security-fixes":
      return date === undefined ? "gets no security fixes any more" : `got its last security fixes${when}`;
    case "near":
      return `ends${when}, in ${daysUntil(date ?? "", now)} days`;
    case "supported":
      return date === undefined ? "is supported, and no end is set" : `is supported until ${date}`;
  }
}

export const sourceOf = ({ snapshot, others }: Life): string => [toldBy(snapshot), ...others].join("; but ");

/** Whose word it is, as facts. */
export const factsOf = ({ phase, date, known, snapshot }: Life): JsonObject => ({
  phase,
  ...(date !== undefined && { date }),
  ...(known.fact.release !== undefined && { release: known.fact.release }),
  ...(known.fact.replacement !== undefined && { replacement: known.fact.replacement }),
  ...(known.fact.url !== undefined && { url: known.fact.url }),
  matched: known.because,
  snapshot: snapshot.id,
  licence: snapshot.licence,
  asOf: snapshot.asOf,
  isStale: snapshot.isStale,
});

/** Product and version as the file says them. */
export const nameOf = ({ product, version, fileName }: Claim): string =>
  [product ?? fileName ?? "it", ...(version === undefined ? [] : [version])].join(" ");
