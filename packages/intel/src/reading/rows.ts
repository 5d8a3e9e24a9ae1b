/** One row of a feed that does not count, told with its place. @module */

import { hasCode } from "@sallyport/core";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SkippedRow } from "../source.ts";

type RowPlace = Omit<SkippedRow, "because">;

/**
 * Reads one row of a source whose other rows count without it.
 * @returns what `read` gives; undefined when the row cannot be read, which is told
 */
export function rowOrSkip<Row>(place: RowPlace, context: ReadContext, read: () => Row): Row | undefined {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "feed.malformed", "feed.truncated", "feed.over-limit")) throw error;
    context.skip({ ...place, because: withoutPlace(error.message, place) });
    return undefined;
  }
}

/**
 * Reads one row of a source that counts as a whole or not at all.
 * @throws {@link FeedError} with the row's place in front
 */
export function rowOrThrow<Row>(place: RowPlace, read: () => Row): Row {
  try {
    return read();
  } catch (error) {
    if (!hasCode(error, "feed.malformed")) throw error;
    const { file, line, row } = place;
    throw FeedError.at(
      [file, line, row].filter((part) => part !== undefined).join(":"),
      error instanceof Error ? error.message : "",
    );
  }
}

/** Where the message names the file itself, it stands in the row's place already. */
function withoutPlace(message: string, { file }: RowPlace): string {
  return message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
}
