/**
 * A question to the world as it is kept beside a decision. What is long in it, the parts and members of an image, is packed; member by
 * member, so that two checks which ask about the same parts keep them once. Source: RFC 1951.
 * @module
 */

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Json, JsonObject } from "@sallyport/core";

/**
 * As JSON, packed. Fifty thousand members of a package have as many hashes, which nothing shortens: with their paths about 3 MB.
 */
export const MAX_KEPT_CHARACTERS = 6 * 1024 * 1024;
/** Below, packing gains nothing. */
const LEAST_PACKED_CHARACTERS = 2048;
/** Of one member, when it is unpacked. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** The only name in the object that stands for something packed. */
const PACKED = "packed";

/** @returns undefined when it is too long to be kept */
export function keepQuestion(question: JsonObject): JsonObject | undefined {
  const kept = Object.entries(question).map(([name, value]): [string, Json] => [name, pack(value)]);
  const characters = kept.reduce((sum, [, value]) => sum + (JSON.stringify(value) ?? "").length, 0);
  return characters <= MAX_KEPT_CHARACTERS ? Object.fromEntries(kept) : undefined;
}

function pack(value: Json): Json {
  // A text that is long is written closely already.
  if (typeof value !== "object" || value === null) return value;
  const json = JSON.stringify(value);
  if (json.length < LEAST_PACKED_CHARACTERS) return value;
  const bytes = Buffer.from(json);
  if (bytes.length > MAX_UNPACKED_BYTES) return value;
  return { [PACKED]: deflateRawSync(bytes).toString("base64") };
}

/** @returns what {@link keepQuestion} was given, or an older version kept as it was; undefined when it cannot be unpacked */
export function readQuestion(kept: JsonObject): JsonObject | undefined {
  const question: [string, Json][] = [];
  for (const [name, value] of Object.entries(kept)) {
    const unpacked = unpack(value);
    if (unpacked === undefined) return undefined;
    question.push([name, unpacked]);
  }
  return Object.fromEntries(question);
}

function unpack(value: Json): Json | undefined {
  const text = packedIn(value);
  if (text === undefined) return value;
  try {
    const bytes = inflateRawSync(Buffer.from(text, "base64"), { maxOutputLength: MAX_UNPACKED_BYTES });
    return JSON.parse(bytes.toString("utf8")) as Json;
  } catch {
    // Changed afterwards, or not of ours: nobody can say what was asked.
    return undefined;
  }
}

function packedIn(value: Json): string | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return undefined;
  const text = Object.hasOwn(value, PACKED) ? Reflect.get(value, PACKED) : undefined;
  return typeof text === "string" ? text : undefined;
}
