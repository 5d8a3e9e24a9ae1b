/**
 * Readers for single values of a feed that is not believed. Each is given the object and the name of its member, and throws a
 * {@link FeedError} that names the member, never its value.
 * @module
 */

import type { Json, JsonObject } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";

const MAX_NAME_CHARACTERS = 1024;
const MAX_LIST_ENTRIES = 200_000;

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The member of an object, of its own; absent and `null` are the same. */
export function member(value: Json | undefined, name: string): Json | undefined {
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
  return value[name] ?? undefined;
}

/** What stands at the end of a path of names. */
export const memberAt = (value: Json | undefined, ...names: readonly string[]): Json | undefined =>
  names.reduce<Json | undefined>((at, name) => member(at, name), value);

/** @throws {@link FeedError} when it is there and no text, or longer than `maxCharacters` */
export function optionalText(
  value: Json | undefined,
  name: string,
  maxCharacters = MAX_NAME_CHARACTERS,
): string | undefined {
  const found = member(value, name);
  if (found === undefined) return undefined;
  if (typeof found !== "string") throw wrong(name, "is no text");
  if (found.length > maxCharacters) throw wrong(name, `is longer than ${maxCharacters} characters`);
  const text = found.toWellFormed().trim();
  if (text.includes("\0")) throw wrong(name, "holds a NUL character");
  return text === "" ? undefined : text;
}

/** @throws {@link FeedError} when it is missing, empty, or no text of that length */
export const requiredText = (value: Json | undefined, name: string, maxCharacters?: number): string =>
  optionalText(value, name, maxCharacters) ?? missing(name);

/** A long text of which the beginning is enough; whatever is no text is left out. */
export function excerpt(value: Json | undefined, name: string, maxCharacters: number): string | undefined {
  const found = member(value, name);
  if (typeof found !== "string") return undefined;
  const text = found
    .slice(0, maxCharacters * 4)
    .replaceAll("\0", "")
    .replace(/\s+/g, " ")
    .trim();
  if (text === "") return undefined;
  return (text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1)}…`).toWellFormed();
}

/** @throws {@link FeedError} when it is there and no list, or longer than any honest one */
export function optionalList(value: Json | undefined, name: string): readonly Json[] {
  const found = member(value, name);
  if (found === undefined) return [];
  if (!isList(found)) throw wrong(name, "is no list");
  if (found.length > MAX_LIST_ENTRIES) throw wrong(name, `has more than ${MAX_LIST_ENTRIES} entries`);
  return found;
}

/** @throws {@link FeedError} when it is missing or no list */
export function requiredList(value: Json | undefined, name: string): readonly Json[] {
  if (member(value, name) === undefined) throw missing(name);
  return optionalList(value, name);
}

/** @throws {@link FeedError} when an entry is no text */
export const textList = (value: Json | undefined, name: string): readonly string[] =>
  optionalList(value, name).flatMap((_, index, list) => {
    const entries: JsonObject = { [name]: list[index] ?? null };
    return optionalText(entries, name) ?? [];
  });

/** @throws {@link FeedError} when it is missing or no object */
export function requiredObject(value: Json | undefined, name: string): JsonObject {
  const found = member(value, name);
  if (found === undefined) throw missing(name);
  return isJsonObject(found) ? found : refuse(name, "is no object");
}

/** A day, `2026-11-25`, that the calendar has. @throws {@link FeedError} */
export function optionalDay(value: Json | undefined, name: string): string | undefined {
  const text = optionalText(value, name, 64);
  return text === undefined ? undefined : (dayOf(text) ?? refuse(name, "is no date"));
}

/** A point in time with its zone, as ISO 8601 in UTC. @throws {@link FeedError} */
export function optionalInstant(value: Json | undefined, name: string): string | undefined {
  const text = optionalText(value, name, 64);
  return text === undefined ? undefined : (instantOf(text) ?? refuse(name, "is no date and time"));
}

/** @returns the day in front of a date or of a date and time; undefined when the calendar has none like it */
export function dayOf(text: string): string | undefined {
  const day = /^(\d{4}-\d{2}-\d{2})(?:$|T)/.exec(text)?.[1];
  if (day === undefined) return undefined;
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? undefined : day;
}

/** RFC 3339 §5.6; a date alone is the beginning of that day, UTC. */
export function instantOf(text: string): string | undefined {
  if (dayOf(text) === undefined) return undefined;
  const isWhole = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:?\d{2})?)?$/i.test(text);
  const zoned = text.includes("T") && !/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? `${text}Z` : text;
  const time = isWhole ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** @throws {@link FeedError} always: `because` says what is wrong with the member */
export function refuse(name: string, because: string): never {
  throw wrong(name, because);
}

function missing(name: string): never {
  throw wrong(name, "is missing");
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const wrong = (name: string, because: string): FeedError =>
  new FeedError("feed.malformed", `"${name}" ${because}`);
