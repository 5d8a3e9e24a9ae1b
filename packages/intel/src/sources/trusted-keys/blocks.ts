/** The armoured blocks of a text. Sources: RFC 7468 (PEM), RFC 9580 6.2 (OpenPGP). @module */

import { FeedError } from "../../feed-error.ts";

export interface Block {
  /** `CERTIFICATE`, `PUBLIC KEY`, `PGP PUBLIC KEY BLOCK`. */
  readonly label: string;
  /** From its first dash to its last, with an end of line. */
  readonly text: string;
  /** Counted from 1. */
  readonly line: number;
}

const BEGIN = "-----BEGIN ";
const DASHES = "-----";
const MAX_BLOCKS = 10_000;

/** @throws FeedError for a block that has no end, and for more than ten thousand of them */
export function blocksOf(text: string, place: string): readonly Block[] {
  const blocks: Block[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf(BEGIN); at !== -1; ) {
    for (let end = text.indexOf("\n", counted); end !== -1 && end < at; end = text.indexOf("\n", counted)) {
      line += 1;
      counted = end + 1;
    }
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length);
    const label = labelEnd === -1 ? "" : text.slice(at + BEGIN.length, labelEnd);
    if (!/^[A-Z0-9 ]{1,64}$/.test(label))
      throw FeedError.at(`${place}:${line}`, "begins a block without a name");
    const closing = `${DASHES}END ${label}${DASHES}`;
    const close = text.indexOf(closing, labelEnd);
    if (close === -1) throw FeedError.at(`${place}:${line}`, `a ${label} has no end`, "feed.truncated");
    const end = close + closing.length;
    blocks.push({ label, text: `${text.slice(at, end).replace(/\r\n/g, "\n")}\n`, line });
    if (blocks.length > MAX_BLOCKS)
      throw new FeedError("feed.over-limit", `${place}: holds more than ${MAX_BLOCKS} keys`);
    at = text.indexOf(BEGIN, end);
  }
  return blocks;
}
