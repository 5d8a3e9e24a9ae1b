/**
 * Scripts with something behind them that is no text: installers for Unix carry their archives so. The script takes
 * itself apart when it runs; here it is two members, the text and what follows it.
 * Source: execve(2) for `#!`; makeself(1) for the most common of them.
 * @module
 */

import { ArtifactError, type ByteSource, RangeSource } from "@sallyport/core";
import type { Format, Glimpse, Member, OpenContext } from "../format.ts";
import { endsAsZip } from "../zip/end-record.ts";

const SHEBANG = Buffer.from("#!");
/** The script itself; longer ones carry their load as text. */
const MOST_TEXT_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const NEWLINE = 10;

export const selfExtractingScript: Format = {
  id: "self-extracting-script",
  title: "Script with data behind it",
  document: "execve(2); makeself(1)",
  recognise,
  open,
};

/** Of the end: data that is carried reaches it, and the least of it has some bytes that no text has. */
const LAST_BYTES = 256;
const LEAST_BINARY_BYTES = 2;

/**
 * A zip behind a script is found from its end, and opened as such with the script as a member. Programs in a text have
 * control characters here and there, in patterns that were written out; zero bytes they have none.
 */
export function recognise({ head, tail }: Pick<Glimpse, "head" | "tail">): boolean {
  if (!head.subarray(0, SHEBANG.length).equals(SHEBANG) || endsAsZip(tail)) return false;
  if (head.includes(0) || tail.includes(0)) return true;
  const last = tail.subarray(Math.max(0, tail.length - LAST_BYTES));
  return last.filter(isBinary).length >= LEAST_BINARY_BYTES;
}

/** Control characters that no text has. Escape sequences, form feeds and the end mark of DOS are none of them. */
const isBinary = (byte: number): boolean => byte < 7 || (byte > 13 && byte < 26) || (byte > 27 && byte < 32);

const findBinary = (bytes: Buffer): number => bytes.findIndex(isBinary);

async function* open(source: ByteSource, context: OpenContext): AsyncGenerator<Member> {
  const textBytes = await findTextEnd(source, context);
  const text = new RangeSource(source, 0, textBytes);
  yield {
    name: "script",
    claimedBytes: textBytes,
    range: { source: text, offsetInParentBytes: 0 },
    content: () => text.stream(),
  };
  const load = new RangeSource(source, textBytes, source.sizeBytes - textBytes);
  yield {
    name: "payload",
    claimedBytes: load.sizeBytes,
    isCarried: true,
    carrier: source,
    range: { source: load, offsetInParentBytes: textBytes },
    content: () => load.stream(),
  };
}

/** The script ends with the last line before the first byte that is no text: what follows begins on a line of its own. */
async function findTextEnd(source: ByteSource, { budget }: OpenContext): Promise<number> {
  let end = 0;
  for (let at = 0; at < Math.min(source.sizeBytes, MOST_TEXT_BYTES); at += PIECE_BYTES) {
    budget.checkTime();
    const piece = Buffer.from(await source.read(at, PIECE_BYTES));
    const binary = findBinary(piece);
    const line = piece.lastIndexOf(NEWLINE, binary < 0 ? undefined : binary);
    if (line >= 0) end = at + line + 1;
    if (binary >= 0 && end > 0) return end;
    if (binary >= 0) break;
  }
  throw new ArtifactError("artifact.unsupported", "script: where the data behind it begins cannot be told");
}
