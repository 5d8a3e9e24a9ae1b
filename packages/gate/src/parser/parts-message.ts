/** What the parser process found members to be made of: claims, and their shape is checked. @module */

import {
  type Component,
  IDENTIFIER_KINDS,
  type Identifier,
  type IdentifierKind,
  type Observable,
  type ObservableKind,
} from "@sallyport/core";
import type { Parts } from "../components/finder.ts";
import { isObject, optionalText, readText, refuse } from "./value.ts";

/** In one message; longer lists come in several. */
const MAX_ITEMS = 10_000;

const KINDS: ReadonlySet<unknown> = new Set(IDENTIFIER_KINDS);
const SIGHTED: ReadonlySet<unknown> = new Set<ObservableKind>(["domain", "url", "text", "md5", "sha1"]);
const TYPES: ReadonlySet<unknown> = new Set<Component["type"]>([
  "application",
  "framework",
  "library",
  "operating-system",
]);
const CONFIDENCES: ReadonlySet<unknown> = new Set<Component["confidence"]>([
  "declared",
  "embedded",
  "marked",
]);

/** @throws Error when it is not what the parser process says of parts */
export function readParts(value: unknown): Parts {
  if (!isObject(value)) return refuse("list of parts");
  return {
    components: readList(value.components).map(readComponent),
    ...(value.identifiers !== undefined && { identifiers: readIdentifiers(value.identifiers) }),
    ...(value.unlisted !== undefined && { unlisted: readList(value.unlisted).map(readText) }),
    ...(value.sightings !== undefined && { sightings: readList(value.sightings).map(readSighting) }),
    ...optionalText(value, "unsearched"),
  };
}

export const readIdentifiers = (value: unknown): Identifier[] => readList(value).map(readIdentifier);

function readIdentifier(value: unknown): Identifier {
  if (!isObject(value) || !isOneOf<IdentifierKind>(KINDS, value.kind)) return refuse("identifier");
  return { kind: value.kind, value: readText(value.value) };
}

function readSighting(value: unknown): Observable {
  if (!isObject(value) || !isOneOf<ObservableKind>(SIGHTED, value.kind)) return refuse("sighting");
  return { kind: value.kind, value: readText(value.value) };
}

function readComponent(value: unknown): Component {
  if (!isObject(value)) return refuse("component");
  const { type, confidence } = value;
  if (!isOneOf<Component["type"]>(TYPES, type)) return refuse("type of component");
  if (!isOneOf<Component["confidence"]>(CONFIDENCES, confidence)) return refuse("confidence");
  return {
    product: readText(value.product),
    ...optionalText(value, "vendor"),
    ...optionalText(value, "version"),
    ...optionalText(value, "fileName"),
    identifiers: readIdentifiers(value.identifiers),
    type,
    foundBy: readText(value.foundBy),
    confidence,
    ...optionalText(value, "licence"),
    ...(value.dependsOn !== undefined && { dependsOn: readList(value.dependsOn).map(readText) }),
  };
}

const isOneOf = <Word>(words: ReadonlySet<unknown>, value: unknown): value is Word => words.has(value);

const readList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) && value.length <= MAX_ITEMS ? value : refuse("list");
