/** JSON of a feed: UTF-8, whole, and where it is broken said with its line. Source: RFC 8259. @module */

import type { Json } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SourceFile } from "../source.ts";
import { readBytes } from "./content.ts";

/** @throws {@link FeedError} naming file and line */
export async function readJsonFile(file: SourceFile, context: ReadContext, maxBytes?: number): Promise<Json> {
  return parseJson(await readBytes(file, context, maxBytes), file.name);
}

/**
 * @param place - names the document in messages: `feed.json`
 * @throws {@link FeedError} `feed.truncated` when it ends in the middle, else `feed.malformed`
 */
export function parseJson(bytes: Uint8Array, place: string): Json {
  const text = decodeText(bytes, place);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw jsonError(error, text, place);
  }
}

/**
 * UTF-8 and nothing else; a byte order mark in front is left out, as RFC 8259 §8.1 allows.
 * @throws {@link FeedError} `feed.malformed`
 */
export function decodeText(bytes: Uint8Array, place: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw new FeedError("feed.malformed", `${place}: is ${isWide ? "UTF-16, and must be" : "not"} UTF-8`, {
      cause,
    });
  }
}

/** V8 says in its message where it stopped; at the end of the text it says so, or gives no place. */
function jsonError(error: unknown, text: string, place: string): FeedError {
  const found = /at position (\d{1,12})/.exec(error instanceof Error ? error.message : "");
  const position = found === null ? text.length : Number(found[1]);
  if (text.trim() === "") return FeedError.at(place, "is empty", "feed.truncated");
  if (position >= text.trimEnd().length && isOpen(text))
    return FeedError.at(place, "ends in the middle", "feed.truncated");
  const line = text.slice(0, position).split("\n").length;
  return FeedError.at(`${place}:${line}`, "is not JSON");
}

/** Begins as an object or a list, so that its end can be missing. */
const isOpen = (text: string): boolean => /^\s*[[{]/.test(text.slice(0, 1024));
