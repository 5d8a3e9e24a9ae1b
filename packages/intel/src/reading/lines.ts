/** Lines of a text that may be large. @module */

import type { TextDecoder as Decoder } from "node:util";
import { FeedError } from "../feed-error.ts";
import type { ReadContext, SourceFile } from "../source.ts";
import { contentOf } from "./content.ts";

const MAX_LINE_CHARACTERS = 1024 * 1024;

export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its end. */
  readonly text: string;
  /** False for a last line that no line feed ends: its file may be cut short. */
  readonly isEnded: boolean;
}

/**
 * Streams the lines of a file, out of gzip where it is in it.
 * @throws {@link FeedError} `feed.malformed` for what is not UTF-8, `feed.over-limit` for a line longer than 1 MiB
 */
export async function* linesOf(file: SourceFile, context: ReadContext): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let number = 1;
  for await (const piece of contentOf(file, context)) {
    const lines = (rest + decode(decoder, piece, `${file.name}:${number}`)).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) yield { number: number++, text: text.replace(/\r$/, ""), isEnded: true };
    if (rest.length > MAX_LINE_CHARACTERS)
      throw new FeedError("feed.over-limit", `${file.name}:${number}: a line is too long`);
  }
  rest += decode(decoder, undefined, `${file.name}:${number}`);
  if (rest !== "") yield { number, text: rest.replace(/\r$/, ""), isEnded: false };
}

function decode(decoder: Decoder, piece: Uint8Array | undefined, place: string): string {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch {
    throw FeedError.at(place, "is not UTF-8");
  }
}
