/** One indicator object. Source: STIX 2.1 §4.7. @module */

import type { Json } from "@sallyport/core";
import type { IndicatorFact } from "../../fact.ts";
import {
  excerpt,
  member,
  optionalInstant,
  optionalList,
  optionalText,
  requiredText,
  textList,
} from "../../reading/index.ts";
import { aloneIn } from "./alone.ts";
import { readPattern } from "./pattern.ts";

const MAX_PATTERN_CHARACTERS = 512 * 1024;
const MAX_REFERENCES = 20;

export interface Indicators {
  readonly facts: readonly IndicatorFact[];
  /** Why parts of it do not count; one sentence each. */
  readonly leftOut: readonly string[];
}

/** @throws FeedError naming what is wrong with it */
export function indicatorsOf(object: Json): Indicators {
  if (member(object, "revoked") === true) return NONE;
  const types = [...textList(object, "indicator_types"), ...textList(object, "labels")];
  // What is known to be harmless is published as an indicator as well.
  if (types.includes("benign") && !types.some((type) => type.startsWith("malicious"))) return NONE;
  const language = optionalText(object, "pattern_type") ?? "stix";
  if (language !== "stix") return { ...NONE, leftOut: [`its pattern is written for ${language}, not STIX`] };
  const { observations, leftOut } = readPattern(requiredText(object, "pattern", MAX_PATTERN_CHARACTERS));
  const alone = observations.map(aloneIn);
  const validUntil = optionalInstant(object, "valid_until");
  const about = {
    title: titleOf(object),
    references: referencesOf(object),
    ...(validUntil !== undefined && { validUntil }),
  };
  const because = new Set([...leftOut, ...alone.flatMap((part) => part.leftOut)]);
  return {
    facts: alone.flatMap(({ observables }) =>
      observables.map((observable) => ({ kind: "indicator", indicator: { ...observable, ...about } })),
    ),
    leftOut: [...because].map((sentence) => `its pattern ${sentence}`),
  };
}

const NONE: Indicators = { facts: [], leftOut: [] };

function titleOf(object: Json): string {
  return (
    excerpt(object, "name", 300) ?? excerpt(object, "description", 300) ?? requiredText(object, "id", 100)
  );
}

const referencesOf = (object: Json): readonly string[] =>
  optionalList(object, "external_references")
    .flatMap((reference) => optionalText(reference, "url", 2000) ?? [])
    .slice(0, MAX_REFERENCES);
