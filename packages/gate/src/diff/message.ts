/**
 * What the comparing process says, one line of JSON each. It read what two hostile artifacts made two processes write,
 * so its parent believes no line: shape, size and vocabulary are checked here.
 * @module
 */

import type { JsonObject } from "@sallyport/core";
import {
  isObject,
  isWholeNumber,
  optionalText,
  readOptionalText,
  readText,
  refuse,
} from "../parser/value.ts";
import type { Excerpt } from "../traits/trait.ts";
import { type FoundDifference, type MemberCounts, MOST_PATHS, type NotCompared } from "./comparison.ts";
import { RISKS } from "./rank.ts";

export type CompareMessage =
  | { readonly type: "difference"; readonly difference: FoundDifference }
  | { readonly type: "not-compared"; readonly notCompared: NotCompared }
  | { readonly type: "summary"; readonly counts: MemberCounts; readonly sameProduct?: boolean }
  | { readonly type: "end" };

/** @throws Error when the line is not a message: the process that sent it is not believed any more */
export function readCompareMessage(line: string): CompareMessage {
  const value: unknown = JSON.parse(line);
  if (!isObject(value)) return refuse("message");
  switch (value.type) {
    case "difference":
      return { type: "difference", difference: readDifference(value.difference) };
    case "not-compared": {
      const { notCompared } = value;
      if (!isObject(notCompared)) return refuse("message");
      const [path, because] = [readText(notCompared.path), readText(notCompared.because)];
      return { type: "not-compared", notCompared: { path, because } };
    }
    case "summary": {
      const { sameProduct } = value;
      const counts = readCounts(value.counts);
      return typeof sameProduct === "boolean"
        ? { type: "summary", counts, sameProduct }
        : { type: "summary", counts };
    }
    case "end":
      return { type: "end" };
    default:
      return refuse("type");
  }
}

function readDifference(value: unknown): FoundDifference {
  if (!isObject(value)) return refuse("difference");
  const risk = RISKS.find((known) => known === value.risk);
  if (risk === undefined) return refuse("risk");
  const { facts } = value;
  if (facts !== undefined && !isObject(facts)) return refuse("facts");
  const paths = readPaths(value.paths);
  return {
    trait: readName(value.trait),
    rule: readName(value.rule),
    risk,
    because: readText(value.because),
    path: readText(value.path),
    ...optionalText(value, "oldPath"),
    memberCount: readCount(value.memberCount),
    ...(paths !== undefined && { paths }),
    ...readExcerpt(value, "before"),
    ...readExcerpt(value, "after"),
    // Parsed from JSON, so it is JSON.
    ...(facts !== undefined && { facts: facts as JsonObject }),
  };
}

function readExcerpt<Name extends "before" | "after">(
  from: Record<string, unknown>,
  name: Name,
): { readonly [key in Name]?: Excerpt } {
  const value = from[name];
  if (value === undefined) return {};
  if (!isObject(value)) return refuse("excerpt");
  const { offsetBytes } = value;
  const hex = readOptionalText(value.hex);
  if (hex !== undefined && !/^[0-9a-f]{0,256}$/.test(hex)) return refuse("excerpt");
  const excerpt: Excerpt = {
    ...(offsetBytes === undefined ? {} : { offsetBytes: readCount(offsetBytes) }),
    ...(hex !== undefined && { hex }),
    ...optionalText(value, "text"),
  };
  return { [name]: excerpt } as { readonly [key in Name]?: Excerpt };
}

function readPaths(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) && value.length <= MOST_PATHS ? value.map(readText) : refuse("paths");
}

function readCounts(value: unknown): MemberCounts {
  if (!isObject(value)) return refuse("counts");
  return {
    members: readCount(value.members),
    unchanged: readCount(value.unchanged),
    changed: readCount(value.changed),
    added: readCount(value.added),
    removed: readCount(value.removed),
  };
}

const readCount = (value: unknown): number => (isWholeNumber(value) ? value : refuse("count"));

function readName(value: unknown): string {
  const name = readText(value);
  return /^[a-z0-9][a-z0-9-]{0,63}$/.test(name) ? name : refuse("name");
}
