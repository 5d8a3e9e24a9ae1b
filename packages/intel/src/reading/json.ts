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
  } catch {
    throw jsonError(text, place);
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

function jsonError(text: string, place: string): FeedError {
  if (text.trim() === "") return FeedError.at(place, "is empty", "feed.truncated");
  if (/^\s*[[{]/.test(text.slice(0, 1024)) && isCutShort(text))
    return FeedError.at(place, "ends in the middle", "feed.truncated");
  if (text.length > MAX_SEARCHED_CHARACTERS) return FeedError.at(place, "is not JSON");
  const line = text.slice(0, endOfGood(text)).split("\n").length;
  return FeedError.at(`${place}:${line}`, "is not JSON");
}

/** Larger ones are told without a line: it is found by parsing again and again. */
const MAX_SEARCHED_CHARACTERS = 16 * 1024 * 1024;

/** What begins as JSON does, and only its end is missing. */
function isCutShort(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d{1,12})/.exec(message)?.[1];
    // V8 tells where it stopped, and of an end that came too early only that.
    return /end of JSON input|Unterminated/.test(message) || Number(position ?? -1) >= text.length;
  }
}

/** The length of the longest beginning with which nothing is wrong: of a longer one something is. */
function endOfGood(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isCutShort(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}
