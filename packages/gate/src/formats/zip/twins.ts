/**
 * Two members of one name: which of them a reader takes differs from reader to reader, unless they are the same bytes.
 * Builders that merge archives leave such pairs behind. Source: APPNOTE 6.3.10 §4.3.2 has no rule.
 * @module
 */

import { ArtifactError, asBuffer, type Budget, type ByteSource } from "@sallyport/core";
import type { Entry } from "./directory.ts";
import { ReadAhead, readLocalHeader } from "./local-header.ts";

const PIECE_BYTES = 256 * 1024;

/** @returns true when both unpack to the same, because they are packed the same; false when that cannot be told */
export async function areTwins(
  pair: readonly [Entry, Entry],
  at: { readonly source: ByteSource; readonly baseOffset: number; readonly budget: Budget },
): Promise<boolean> {
  const [first, second] = pair;
  // A folder holds nothing, however it is written.
  if ([first, second].every(({ isFolder, sizeBytes }) => isFolder && sizeBytes === 0)) return true;
  const compared = [
    "crc",
    "method",
    "flags",
    "sizeBytes",
    "packedBytes",
    "isSymbolicLink",
    "isFolder",
  ] as const;
  if (!compared.every((field) => first[field] === second[field])) return false;
  try {
    const [one, other] = [await dataOffset(first, at), await dataOffset(second, at)];
    for (let done = 0; done < first.packedBytes; done += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, first.packedBytes - done);
      at.budget.spendBytes(2 * length);
      const piece = asBuffer(await at.source.read(one + done, length));
      if (piece.length !== length || !piece.equals(asBuffer(await at.source.read(other + done, length))))
        return false;
    }
    return true;
  } catch (error) {
    // What is wrong with the header is reported where the member is read.
    if (error instanceof ArtifactError && error.code !== "artifact.over-limit") return false;
    throw error;
  }
}

async function dataOffset(
  entry: Entry,
  { source, baseOffset }: { readonly source: ByteSource; readonly baseOffset: number },
): Promise<number> {
  return (await readLocalHeader(new ReadAhead(source), entry, entry.localOffset + baseOffset)).dataOffset;
}
