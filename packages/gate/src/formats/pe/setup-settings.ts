/**
 * The settings that 7-Zip's modules for installers expect between themselves and their archive: texts between two
 * marks, one or several. Source: 7-Zip 23.01, DOC/readme of the LZMA SDK, "SFX module for installers".
 * @module
 */

import { asBuffer, type ByteSource } from "@sallyport/core";
import type { FileRange } from "./headers.ts";

/** After `!` the encoding stands, and in some modules a language. */
const BEGIN = ";!@Install@!";
const END = ";!@InstallEnd@!";
const BYTE_ORDER_MARK = "\xef\xbb\xbf";
/** Far more than any settings. */
const MOST_BYTES = 256 * 1024;

/** @returns where the settings at the start of the overlay stand; undefined when there are none */
export async function findSettings(source: ByteSource, overlay: FileRange): Promise<FileRange | undefined> {
  const lengthBytes = Math.min(overlay.sizeBytes, MOST_BYTES);
  const text = asBuffer(await source.read(overlay.offsetBytes, lengthBytes)).toString("latin1");
  let end = 0;
  for (;;) {
    const start = end + (text.startsWith(BYTE_ORDER_MARK, end) ? BYTE_ORDER_MARK.length : 0);
    if (!text.startsWith(BEGIN, start)) break;
    const mark = text.indexOf(END, start);
    if (mark < 0) break;
    end = mark + END.length;
    while (text[end] === "\r" || text[end] === "\n") end += 1;
  }
  return end === 0 ? undefined : { offsetBytes: overlay.offsetBytes, sizeBytes: end };
}
