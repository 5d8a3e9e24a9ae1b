/** Comma-separated values with a header. Source: RFC 4180. @module */

import { FeedError } from "../feed-error.ts";

const MAX_COLUMNS = 256;

export interface CsvRecord {
  /** On which it begins, counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * One pass over the text.
 * @param place - names the file in messages
 * @throws {@link FeedError} `feed.truncated` when a quote is never closed
 */
export function* csvRecords(text: string, place: string): Generator<CsvRecord> {
  const mark = /[",\n]/g;
  let line = 1;
  let start: CsvRecord["line"] = 1;
  let fields: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at, `${place}:${line}`) : plainField(text, at, mark);
    if (fields.length === 0) start = line;
    fields.push(field.value);
    if (fields.length > MAX_COLUMNS) throw FeedError.at(`${place}:${line}`, "has too many columns");
    line += field.lineCount;
    at = field.end + 1;
    if (text[field.end] === ",") {
      if (at === text.length) fields.push("");
      continue;
    }
    if (fields.length > 1 || fields[0] !== "") yield { line: start, fields };
    fields = [];
    line += 1;
  }
  if (fields.length > 0) yield { line: start, fields };
}

interface Field {
  readonly value: string;
  /** Of the comma or line feed behind it, or of the end. */
  readonly end: number;
  /** Line feeds in it. */
  readonly lineCount: number;
}

function plainField(text: string, start: number, mark: RegExp): Field {
  mark.lastIndex = start;
  let found = mark.exec(text);
  while (found !== null && found[0] === '"') found = mark.exec(text);
  const end = found?.index ?? text.length;
  return { value: text.slice(start, end).replace(/\r$/, ""), end, lineCount: 0 };
}

/** A doubled quote is one of the text; behind the closing one comes a comma, a line end or the end. */
function quotedField(text: string, start: number, place: string): Field {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) throw FeedError.at(place, "a quote is never closed", "feed.truncated");
  const end = text[close + 1] === "\r" ? close + 2 : close + 1;
  if (end < text.length && text[end] !== "," && text[end] !== "\n")
    throw FeedError.at(place, "something follows a closed quote");
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  return { value, end, lineCount: value.split("\n").length - 1 };
}
