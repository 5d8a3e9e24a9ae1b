/**
 * What stands behind the image: installers keep their archives there. The certificate table is not part of it, and
 * neither are the symbols that GNU tools, and the debug records that older Microsoft linkers, leave behind the last
 * section.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { readDebugEntries } from "./debug-directory.ts";
import { type FileRange, imageEndBytes, type PeHeaders } from "./headers.ts";

/** Signing tools fill up to a multiple of 8 before they append the table. */
const ALIGNMENT_BYTES = 8;

/** @returns undefined when nothing is there, or only the zeros that a signing tool puts before its table */
export async function findOverlay(source: ByteSource, headers: PeHeaders): Promise<FileRange | undefined> {
  const symbols = headers.symbolTable;
  const imageEnd = imageEndBytes(headers);
  const isSymbols = symbols?.offsetBytes === imageEnd && (await isText(source, symbols.strings));
  const symbolsEnd = isSymbols ? symbols.offsetBytes + symbols.sizeBytes : imageEnd;
  const offsetBytes = await debugEnd(source, headers, symbolsEnd);
  const table = headers.certificateTable;
  // A table that does not lie behind the image is reported by the check of that name; then nothing bounds the overlay.
  const end =
    table !== undefined && table.offsetBytes >= offsetBytes && table.offsetBytes <= source.sizeBytes
      ? table.offsetBytes
      : source.sizeBytes;
  const sizeBytes = end - offsetBytes;
  if (sizeBytes <= 0) return undefined;
  if (sizeBytes < ALIGNMENT_BYTES) {
    const bytes = await readExactly(source, offsetBytes, sizeBytes, "PE: padding");
    if (bytes.every((byte) => byte === 0)) return undefined;
  }
  return { offsetBytes, sizeBytes };
}

/** Behind the debug records that the image's own directory places at `start`. */
async function debugEnd(source: ByteSource, headers: PeHeaders, start: number): Promise<number> {
  let end = start;
  const entries = (await readDebugEntries(source, headers)).toSorted((a, b) => a.offsetBytes - b.offsetBytes);
  for (const { type, offsetBytes, sizeBytes } of entries)
    if (RECORDS.has(type) && offsetBytes === end && sizeBytes <= MOST_RECORD_BYTES) end += sizeBytes;
  return Math.min(end, source.sizeBytes);
}

/** CodeView and MISC: the name of a file with the symbols. */
const RECORDS: ReadonlySet<number> = new Set([2, 4]);
const MOST_RECORD_BYTES = 4096;

/** Names, each ended by a zero: a table that holds anything else is none, and hides it. */
async function isText(source: ByteSource, { offsetBytes, sizeBytes }: FileRange): Promise<boolean> {
  for await (const piece of source.stream(offsetBytes + SIZE_FIELD_BYTES, sizeBytes - SIZE_FIELD_BYTES))
    if (piece.some((byte) => byte !== 0 && (byte < 0x20 || byte === 0x7f))) return false;
  return true;
}

const SIZE_FIELD_BYTES = 4;
