/**
 * What stands behind the image: installers keep their archives there. The certificate table is not part of it, and
 * neither are the symbols that GNU tools leave behind the last section.
 * @module
 */

import { type ByteSource, readExactly } from "@sallyport/core";
import { type FileRange, imageEndBytes, type PeHeaders } from "./headers.ts";

/** Signing tools fill up to a multiple of 8 before they append the table. */
const ALIGNMENT_BYTES = 8;

/** @returns undefined when nothing is there, or only the zeros that a signing tool puts before its table */
export async function findOverlay(source: ByteSource, headers: PeHeaders): Promise<FileRange | undefined> {
  const symbols = headers.symbolTable;
  const imageEnd = imageEndBytes(headers);
  const offsetBytes = symbols?.offsetBytes === imageEnd ? symbols.offsetBytes + symbols.sizeBytes : imageEnd;
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
